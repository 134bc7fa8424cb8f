import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { findDue, findPayers } from '#features/autopay/find-due.ts';
import { forecastOf } from '#features/autopay/queries.ts';
import { readHouse } from '#features/autopay/read-facts.ts';
import { addDays, type CalendarDate } from '#lib/dates.ts';
import { notFound } from '#lib/errors.ts';
import { sum } from '#lib/money.ts';

/** So many payers and invoices are looked at: of more, nobody waits for the exact sum. */
const mostPayers = 2000;
const mostInvoices = 1000;

type Day = { today: CalendarDate; now: Date };
type Asked = { days: number; limit: number; startingAfter?: string | undefined };
type Coming = { id: string; payerId: string; on: CalendarDate; amount: bigint };
type Names = {
  id: string;
  number: string;
  customerName: string;
  currency: string;
  kind: 'card' | 'bank_account' | 'paypal';
  brand: string;
  last4: string;
};

/** What autopay charges from today through the days that follow, if nothing changes: by its rules alone. */
async function findComing(tx: Tx, organizationId: string, last: CalendarDate, day: Day) {
  const house = await readHouse(tx, organizationId, day.today);
  const payers = await findPayers(tx, organizationId, { after: '', limit: mostPayers + 1 });
  const ids = await findDue(tx, organizationId, payers.slice(0, mostPayers), { house, today: last });
  const forecasts = await forecastOf(tx, organizationId, ids.slice(0, mostInvoices), day);
  const coming = [...forecasts].flatMap(([id, { on, payerId, amount }]): Coming[] =>
    on && payerId && on <= last ? [{ id, payerId, on, amount }] : [],
  );
  const placeOf = ({ on, id }: Coming) => `${on} ${id}`;
  coming.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  return { coming, isComplete: payers.length <= mostPayers && ids.length <= mostInvoices };
}

export async function listComingCharges(tx: Tx, organizationId: string, asked: Asked, day: Day) {
  const last = addDays(day.today, asked.days - 1);
  const { coming, isComplete } = await findComing(tx, organizationId, last, day);
  const after = coming.findIndex(({ id }) => id === asked.startingAfter);
  if (asked.startingAfter && after < 0) throw notFound('invoice', asked.startingAfter);
  const page = coming.slice(after + 1, after + 1 + asked.limit);
  const rows = await tx.rows<Names>(sql`
    select i.id, i.number, i.currency, c.display_name as customer_name, m.kind, m.brand, m.last4
    from unnest(${page.map(({ id }) => id)}::text[], ${page.map(({ payerId }) => payerId)}::text[]) as x(id, payer_id)
      join invoices i on i.organization_id = ${organizationId} and i.id = x.id
      join customers c on c.organization_id = ${organizationId} and c.id = i.customer_id
      join autopays a on a.organization_id = ${organizationId} and a.customer_id = x.payer_id
      join payment_methods m on m.organization_id = ${organizationId} and m.id = a.payment_method_id`);
  const named = new Map(rows.map((row) => [row.id, row]));
  return {
    object: 'list' as const,
    data: page.flatMap(({ id, payerId, on, amount }) => {
      const row = named.get(id);
      if (!row) return [];
      const { number, customerName, currency, kind, brand, last4 } = row;
      const about = { object: 'coming_charge' as const, id, number, customer_name: customerName };
      return [
        { ...about, payer_id: payerId, charge_on: on, amount, currency, method: { kind, brand, last4 } },
      ];
    }),
    has_more: coming.length > after + 1 + page.length,
    count: coming.length,
    amount: sum(coming.map(({ amount }) => amount)),
    is_complete: isComplete,
  };
}
