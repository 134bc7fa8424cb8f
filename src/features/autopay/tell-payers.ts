import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { autopayUrl, debitNoticeMail, overMaximumMail } from '#features/autopay/autopay-mails.ts';
import type { AutopayFacts } from '#features/autopay/read-facts.ts';
import { chargesOf } from '#features/autopay/rules.ts';
import { type ChargePrice, priceCharges } from '#features/card-fees/price-charge.ts';
import { readCorrespondent } from '#features/correspondence/mail-organization.ts';
import { type NewMessage, queueMessages } from '#features/correspondence/queue-messages.ts';
import { payLink } from '#features/invoices/pay-link.ts';
import type { MailMakings } from '#features/invoices/send-invoices.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { newId } from '#lib/ids.ts';
import { sum } from '#lib/money.ts';

type About = MailMakings & { organizationId: string; today: CalendarDate };
export type ToldDebit = AutopayFacts & { chargeOn: CalendarDate };

export type AutopayReader = {
  customerId: string;
  firstName: string | null;
  email: string | null;
  ccEmails: string[];
  kind: 'card' | 'bank_account' | 'paypal';
  methodBrand: string;
  methodLast4: string;
};

/**
 * Who pays by autopay, with the method that it charges. Whoever may not be contacted, or whose address is
 * known to be no good, has none: a notice that nobody gets is no notice.
 */
export async function readAutopayReaders(
  tx: Tx,
  organizationId: string,
  payerIds: readonly string[],
): Promise<Map<string, AutopayReader>> {
  const rows = await tx.rows<AutopayReader>(sql`
    select a.customer_id, c.first_name, case when c.do_not_contact is null
        then coalesce(case when x.email is null then c.email end, g.cc_emails[1]) end as email, g.cc_emails,
      m.kind, m.brand as method_brand, m.last4 as method_last4
    from autopays a join customers c on c.organization_id = a.organization_id and c.id = a.customer_id
    join payment_methods m on m.organization_id = a.organization_id and m.id = a.payment_method_id
    left join email_problems x on x.organization_id = c.organization_id and x.email = c.email_key
    cross join lateral (select array(select k.cc from (select cc, lower(cc) as email
      from unnest(c.cc_emails) cc offset 0) k where not exists (select from email_problems y
      where y.organization_id = c.organization_id and y.email = k.email)) as cc_emails) g
    where a.organization_id = ${organizationId} and a.customer_id = any(${[...new Set(payerIds)]}::text[])`);
  return new Map(rows.map((row) => [row.customerId, row]));
}

/**
 * Tell payers, once for each amount, what autopay will charge and when: one mail for each charge, of all that
 * one customer has due. Who has no address is not told, and so not charged.
 */
export async function tellOfDebits(
  tx: Tx,
  actor: Actor,
  input: About & { facts: readonly ToldDebit[] },
  now: Date,
): Promise<void> {
  const { organizationId, outbox, facts } = input;
  if (facts.length === 0) return;
  const from = await readCorrespondent(tx, organizationId);
  const readers = await readAutopayReaders(tx, organizationId, facts.map(payerOf));
  const reached = facts.filter((one) => readers.get(one.autopay.payerId)?.email);
  const groups = chargesOf(reached.map((one) => ({ ...one, toldBy: one.chargeOn })));
  const prices = await readPrices(tx, input, groups);
  const messages = groups.flatMap((invoices, at): NewMessage[] => {
    const [first] = invoices;
    const reader = first && readers.get(first.autopay.payerId);
    if (!first || !reader?.email) return [];
    const mail = { from, outbox, reader, invoices, chargeOn: first.chargeOn, onTop: prices[at]?.paidOnTop };
    return [
      {
        customerId: first.customerId,
        to: [reader.email],
        cc: reader.ccEmails,
        kind: 'autopay_notice',
        dedupeKey: `autopay_notice ${first.id} ${first.balanceDue} ${first.autopay.authorizationId}`,
        ...debitNoticeMail(mail),
      },
    ];
  });
  await queueMessages(tx, actor, { organizationId, outbox, messages }, now);
  const told = groups.flatMap((invoices, at) => {
    const noticeId = newId('notice');
    // A card's fee is bound by its agreement; a discount is given as it was told.
    const { paidOnTop, policyId } = prices[at] ?? {};
    const feePolicyId = paidOnTop && paidOnTop.amount < 0n ? policyId : undefined;
    return invoices.map((one) => ({ ...one, feePolicyId, noticeId }));
  });
  await noteTold(tx, { ...input, kind: 'debit', facts: told });
}

/** What comes on top of each charge or is taken off it, and by which version of the policy. */
async function readPrices(
  tx: Tx,
  { organizationId, today }: Pick<About, 'organizationId' | 'today'>,
  groups: readonly (readonly ToldDebit[])[],
): Promise<ChargePrice[]> {
  const charges = groups.flatMap(([first, ...others]) => {
    if (!first) return [];
    const all = [first, ...others];
    return [
      {
        customerId: first.customerId,
        kind: first.autopay.methodKind,
        funding: first.autopay.funding,
        brand: first.autopay.brand,
        paymentMethodId: first.autopay.paymentMethodId,
        authorizationId: first.autopay.authorizationId,
        base: sum(all.map(({ balanceDue }) => balanceDue)),
        currency: first.currency,
        parts: all.map(({ id, balanceDue }) => ({ invoiceId: id, amount: balanceDue })),
        source: 'autopay',
      },
    ];
  });
  return priceCharges(tx, { organizationId, today, charges });
}

/** Ask payers, once for each amount, to pay or to agree to what is above the maximum they agreed to. */
export async function tellOverMaximum(
  tx: Tx,
  actor: Actor,
  input: About & { facts: readonly AutopayFacts[] },
  now: Date,
): Promise<void> {
  const { organizationId, outbox, facts } = input;
  if (facts.length === 0) return;
  const from = await readCorrespondent(tx, organizationId);
  const readers = await readAutopayReaders(tx, organizationId, facts.map(payerOf));
  const reached = facts.filter((one) => readers.get(payerOf(one))?.email);
  const messages = reached.flatMap((invoice): NewMessage[] => {
    const reader = readers.get(payerOf(invoice));
    if (!reader?.email) return [];
    const payUrl = payLink(input.secrets, outbox.baseUrl, { ...invoice, organizationId });
    const mail = { from, outbox, reader, invoice, payUrl, autopayUrl: autopayUrl(outbox) };
    return [
      {
        customerId: invoice.customerId,
        invoiceId: invoice.id,
        to: [reader.email],
        cc: reader.ccEmails,
        kind: 'autopay_over_maximum',
        dedupeKey: `autopay_over_maximum ${invoice.id} ${invoice.balanceDue} ${invoice.autopay.authorizationId}`,
        ...overMaximumMail(mail),
      },
    ];
  });
  await queueMessages(tx, actor, { organizationId, outbox, messages }, now);
  await noteTold(tx, { ...input, kind: 'over_maximum', facts: reached });
}

const payerOf = ({ autopay }: AutopayFacts): string => autopay.payerId;

async function noteTold(
  tx: Tx,
  input: About & {
    kind: 'debit' | 'over_maximum';
    facts: readonly (AutopayFacts & {
      chargeOn?: CalendarDate;
      feePolicyId?: string | undefined;
      noticeId?: string;
    })[];
  },
): Promise<void> {
  const rows = input.facts.map((one) => ({
    invoice_id: one.id,
    authorization_id: one.autopay.authorizationId,
    amount: one.balanceDue.toString(),
    customer_id: one.customerId,
    charge_on: one.chargeOn ?? null,
    fee_policy_id: one.feePolicyId ?? null,
    notice_id: one.noticeId ?? null,
  }));
  await tx.run(sql`
    insert into autopay_notices (organization_id, invoice_id, kind, authorization_id, amount, customer_id, told_on,
      charge_on, fee_policy_id, notice_id)
    select ${input.organizationId}, n.invoice_id, ${input.kind}, n.authorization_id, n.amount, n.customer_id,
      ${input.today}::date, n.charge_on, n.fee_policy_id, n.notice_id
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n(invoice_id text, authorization_id text, amount bigint,
      customer_id text, charge_on date, fee_policy_id text, notice_id text) on conflict do nothing`);
}
