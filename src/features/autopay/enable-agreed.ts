import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { readSetting } from '#features/autopay/queries.ts';
import { type TermColumns, termsOf } from '#features/autopay/read-facts.ts';
import type { AutopayTerms } from '#features/autopay/rules.ts';
import { setAutopay } from '#features/autopay/set-autopay.ts';

type AgreedRow = { id: string; customerId: string; name: string | null; terms: Record<string, unknown> };

/** A method was stored with which its payer agreed to autopay: switch it on under that agreement, once. */
export async function enableAgreed(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; methodId: string },
  now: Date,
): Promise<void> {
  const { organizationId, methodId } = input;
  const agreed = await tx.row<AgreedRow>(sql`
    select z.id, z.customer_id, z.name, z.terms from payment_methods m
    join authorizations z on z.organization_id = m.organization_id and z.customer_id = m.customer_id
      and z.kind = 'autopay' and (z.payment_method_id = m.id or z.payment_id in (select p.id from payments p
        where p.organization_id = m.organization_id and p.customer_id = m.customer_id and p.payment_method_id = m.id))
    where m.organization_id = ${organizationId} and m.id = ${methodId} and z.terms is not null
      and z.terms ->> 'payment_method_id' is null
      and not exists (select from authorization_revocations v where v.organization_id = z.organization_id
        and v.authorization_id = z.id)
      and not exists (select from autopays a where a.organization_id = z.organization_id and a.authorization_id = z.id)
    order by z.id desc limit 1`);
  if (!agreed) return;
  // Up to or from which amount it charges is set by staff, and stays when a payer switches it on anew.
  const before = await readSetting(tx, organizationId, agreed.customerId);
  await setAutopay(
    tx,
    actor,
    {
      organizationId,
      customerId: agreed.customerId,
      paymentMethodId: methodId,
      terms: { ...termsOfFigures(agreed.terms), threshold: before?.terms.threshold ?? null },
      agreed: {
        by: 'payer',
        name: agreed.name ?? undefined,
        origin: { ip: '', userAgent: '' },
        authorizationId: agreed.id,
      },
    },
    now,
  );
}

/** The figures as the agreement keeps them. */
function termsOfFigures(figures: Record<string, unknown>): AutopayTerms {
  const money = (value: unknown): bigint | null => (typeof value === 'number' ? BigInt(value) : null);
  const row: TermColumns = {
    chargeWhen:
      figures.charge_when === 'due_date' || figures.charge_when === 'invoice_date'
        ? figures.charge_when
        : 'created',
    thresholdDirection: null,
    thresholdAmount: null,
    maximumAmount: money(figures.maximum_amount),
    noticeDays: typeof figures.notice_days === 'number' ? figures.notice_days : 0,
  };
  return termsOf(row);
}
