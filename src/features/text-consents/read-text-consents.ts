import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { mayText } from '#features/text-consents/consent-rules.ts';

export type TextReader = { phone: string; customerId: string | undefined };

/**
 * Whether each phone may be written to about its customer. A customer's consent is its own or that of the
 * parent who reads for it.
 */
export async function readTextConsents(
  tx: Tx,
  organizationId: string,
  readers: readonly TextReader[],
): Promise<(true | 'stopped' | 'no_consent')[]> {
  const rows = await tx.rows<{ byPhone: string | null; byCustomer: (string | null)[] }>(sql`
    select (select t.kind from text_consents t where t.organization_id = ${organizationId} and t.phone = r.phone
        and t.customer_id is null order by t.number desc limit 1) as by_phone,
      array[last_word.own, last_word.readers] as by_customer
    from rows from (unnest(${readers.map((each) => each.phone)}::text[]),
      unnest(${readers.map((each) => each.customerId ?? null)}::text[])) with ordinality as r(phone, customer_id, at)
    cross join lateral (select
      (select t.kind from text_consents t where t.organization_id = ${organizationId} and t.phone = r.phone
        and t.customer_id = r.customer_id order by t.number desc limit 1) as own,
      (select t.kind from text_consents t where t.organization_id = ${organizationId} and t.phone = r.phone
        and t.customer_id = billed_to(${organizationId}, r.customer_id) and t.customer_id <> r.customer_id
        order by t.number desc limit 1) as readers) as last_word
    order by r.at`);
  return rows.map(({ byPhone, byCustomer }) =>
    mayText({
      byPhone: byPhone ?? undefined,
      byCustomer: byCustomer.filter((kind) => kind !== null),
    }),
  );
}

/**
 * Nobody else decides about this phone until this transaction ends: a STOP and the claim of a message to it
 * come one after the other.
 */
export async function lockPhone(tx: Tx, organizationId: string, phone: string): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`text ${organizationId} ${phone}`}, 0))`);
}
