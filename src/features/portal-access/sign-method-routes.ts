import { type Actor, onBehalfOf, type Tx } from '#db/db.ts';
import type { OrganizationRow } from '#features/organizations/queries.ts';
import { readDrawing } from '#features/payment-methods/drawing-rules.ts';
import { signAuthorization } from '#features/payment-methods/sign-authorization.ts';
import { storingAuthorization } from '#features/payments/portal-rules.ts';
import type { MethodRow } from '#features/payments/queries.ts';
import { type Ask, textOf } from '#features/portal-access/page-routes.ts';
import { faceOf } from '#features/portal-access/pay-panel.ts';
import { originOf } from '#http/app.ts';
import { zEmail } from '#lib/endpoint.ts';
import { Refusal } from '#lib/errors.ts';
import { sha256 } from '#lib/secrets.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import type { SignPage } from '#web/portal/views/sign-page.ts';

/** Who signs for a bank account, signed in or by a link. */
export type Signer = {
  seller: OrganizationRow;
  method: MethodRow;
  actor: Actor;
  now: Date;
  email: string | null;
  /** What has to be written with the signature, or not at all. */
  alongside?: (tx: Tx) => Promise<void>;
};

/** What the page shows to be signed, and how the form stands. */
export function signForm(signer: Signer, form?: FormState): Omit<SignPage, 'action' | 'backUrl'> {
  const text = storingAuthorization(signer.seller, signer.method.last4);
  return {
    method: faceOf(signer.method),
    text,
    textHash: sha256(text),
    ...(signer.email ? { email: signer.email } : {}),
    ...(form ? { form } : {}),
  };
}

const longestDrawing = 140_000;

/** Take the signature, or say what is missing. */
export async function takeSignature(ask: Ask, signer: Signer): Promise<FormState | undefined> {
  const { request, app } = ask;
  const [name, email, drawing] = [
    textOf(request, 'name', 120),
    textOf(request, 'email', 254),
    textOf(request, 'drawing', longestDrawing),
  ];
  const agrees = textOf(request, 'agree') === 'yes';
  const image = drawing === '' ? undefined : readDrawing(drawing);
  const errors: Record<string, string> = {
    ...(/\p{L}.*\p{L}/u.test(name) ? {} : { name: 'Type your full name: it signs the authorization.' }),
    ...(zEmail.safeParse(email).success ? {} : { email: 'Give the address that your copy goes to.' }),
    ...(agrees ? {} : { agree: 'Please tick this box: without it the signature does not count.' }),
  };
  const values = { name, email, agree: agrees ? 'yes' : '' };
  if (Object.keys(errors).length > 0) return { values, errors };
  if (drawing !== '' && !image)
    return {
      values,
      message: 'The drawing could not be read. Please draw it again, or just type your name.',
    };
  const input = {
    seller: signer.seller,
    customerId: signer.method.customerId,
    methodId: signer.method.id,
    textHash: textOf(request, 'text_hash', 64),
    name,
    email,
    signature: image ? { kind: 'drawn' as const, image } : { kind: 'typed' as const },
    origin: originOf(request),
  };
  try {
    await app.db.transaction(onBehalfOf(signer.actor), async (tx) => {
      await signAuthorization(tx, signer.actor, input, signer.now);
      await signer.alongside?.(tx);
    });
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return { values, message: error.message };
    throw error;
  }
}
