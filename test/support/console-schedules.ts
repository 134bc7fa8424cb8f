import { addDays } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import { callApi } from './server.ts';

type Made = { id: string };

/** One schedule of each kind, with days behind them, and one that has paused by itself. */
export async function schedulesOf(key: string, customerId: string, pool: { query: Query }) {
  const send = async (method: 'GET' | 'POST', url: string, body?: unknown): Promise<unknown> => {
    const reply = await callApi(key, method, url, body);
    if (reply.status >= 300) throw new Error(`${method} ${url}: ${JSON.stringify(reply.body)}`);
    return reply.body;
  };
  const { today } = (await send('GET', '/v1/organization')) as { today: string };
  const methods = (await send('GET', `/v1/payment-methods?customer_id=${customerId}`)) as { data: Made[] };
  const starts_on = addDays(today, 9);
  const common = { customer_id: customerId, unit: 'month', starts_on };
  const payment = {
    ...{ ...common, kind: 'payment', description: 'Garden care, monthly', amount: 12_500, times: 12 },
    ...{ payment_method_id: must(methods.data[0], 'a stored method').id, agreement_held: true },
  };
  const paying = (await send('POST', '/v1/schedules', payment)) as Made;
  const paused = (await send('POST', '/v1/schedules', { ...payment, description: 'Winter service' })) as Made;
  const invoice = (await send('POST', '/v1/schedules', {
    ...{ ...common, kind: 'invoice', description: 'Office plants', every: 3, memo: 'Thank you.' },
    lines: [{ item_name: 'Plant care', quantity: '3', unit_price: '60.00' }],
  })) as Made;
  await pool.query(`update schedules set state = 'paused', pause_reason = 'declined' where id = $1`, [
    paused.id,
  ]);
  for (const [back, state, reason] of [
    [62, 'skipped', null],
    [31, 'failed', 'Not enough money'],
  ] as const)
    await pool.query(
      `insert into schedule_occurrences (organization_id, schedule_id, day, customer_id, state, tries, reason, worked_at)
      select organization_id, id, $2, customer_id, $3, 1, $4, now() from schedules where id = $1`,
      [paying.id, addDays(today, -back), state, reason],
    );
  return { paymentSchedule: paying.id, pausedSchedule: paused.id, invoiceSchedule: invoice.id };
}

type Query = (text: string, values: unknown[]) => Promise<unknown>;
