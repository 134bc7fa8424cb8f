import type { Signing } from '#features/payment-plans/sign-plan.ts';
import { type Ask, textOf } from '#features/portal-access/page-routes.ts';
import { originOf } from '#http/app.ts';
import { zEmail } from '#lib/endpoint.ts';

export type Signer = Signing & { textHash: string };

/** A signature under words that are on the page, or what is missing of it, by field. */
export function readSigning(ask: Ask): Signer | { errors: Record<string, string> } {
  const { request } = ask;
  const [name, email] = [textOf(request, 'name', 120), textOf(request, 'email', 254)];
  const errors: Record<string, string> = {
    ...(/\p{L}.*\p{L}/u.test(name) ? {} : { name: 'Type your full name: it signs the plan.' }),
    ...(zEmail.safeParse(email).success ? {} : { email: 'Give the address that your copy goes to.' }),
    ...(textOf(request, 'agree') === 'yes'
      ? {}
      : { agree: 'Please tick this box: without it the signature does not count.' }),
  };
  if (Object.keys(errors).length > 0) return { errors };
  const textHash = textOf(request, 'text_hash', 64);
  return { textHash, name, email, signature: { kind: 'typed' }, origin: originOf(request) };
}
