import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { secondsLater } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { hashToken, newToken } from '#lib/secrets.ts';

const life_s = 14 * 86_400;

export type MethodLinkInput = {
  organizationId: string;
  customerId: string;
  /** Missing: the link is for adding a method. */
  methodId?: string;
  /** Whether the page offers autopay with the method. */
  offersAutopay?: boolean;
  /** Missing: staff hands the link over itself. */
  email?: string;
};

/** Make a link that adds a method, or signs for one, without sign-in. Only its hash stays. */
export async function makeMethodLink(
  tx: Tx,
  actor: Actor,
  input: MethodLinkInput,
  now: Date,
): Promise<{ token: string; expiresAt: Date }> {
  const { organizationId, customerId, methodId } = input;
  const token = newToken();
  const id = newId('methodLink');
  const expiresAt = secondsLater(now, life_s);
  await tx.run(sql`
    insert into method_links (organization_id, id, customer_id, payment_method_id, token_hash, email, offers_autopay,
      created_at, expires_at)
    values (${organizationId}, ${id}, ${customerId}, ${methodId ?? null}, ${hashToken(token)},
      ${input.email ?? null}, ${input.offersAutopay ?? false}, ${now}, ${expiresAt})`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'payment_method.link_made',
      subjectId: methodId ?? customerId,
      customerId,
      data: { purpose: methodId ? 'sign' : 'add', ...(input.email ? { email: input.email } : {}) },
    },
  ]);
  return { token, expiresAt };
}

export type MethodLinkRow = {
  organizationId: string;
  id: string;
  customerId: string;
  paymentMethodId: string | null;
  email: string | null;
  offersAutopay: boolean;
  expiresAt: Date;
  usedAt: Date | null;
};

/** The link behind a token, of whichever organization: read as the system. */
export const findMethodLink = (tx: Tx, token: string): Promise<MethodLinkRow | undefined> =>
  tx.row<MethodLinkRow>(sql`
    select organization_id, id, customer_id, payment_method_id, email, offers_autopay, expires_at, used_at
    from method_links where token_hash = ${hashToken(token)}`);

/** A link adds one method: the second click that comes through finds it used. */
export async function useMethodLink(
  tx: Tx,
  link: Pick<MethodLinkRow, 'organizationId' | 'id'>,
  now: Date,
): Promise<void> {
  const used = await tx.run(sql`update method_links set used_at = ${now}
    where organization_id = ${link.organizationId} and id = ${link.id} and used_at is null`);
  if (used === 0) throw new Refusal('conflict', 'This link has already been used.');
}
