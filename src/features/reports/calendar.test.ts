import assert from 'node:assert/strict';
import { test } from 'node:test';
import { periodOf } from '#features/reports/filter-fields.ts';
import { given } from '../../../test/support/given.ts';
import { apiKeyOf } from '../../../test/support/portal.ts';
import { callApi } from '../../../test/support/server.ts';

test('weeks and fiscal years are the organization’s', () => {
  // A Wednesday.
  const today = '2026-03-11';
  const of = (period: string, firstWeekday = 1, fiscalMonth = 4) => {
    const { from, to } = periodOf({ period }, { today, firstWeekday, fiscalMonth });
    return `${from} ${to}`;
  };
  assert.equal(of('this_week'), '2026-03-09 2026-03-11');
  assert.equal(of('this_week', 0), '2026-03-08 2026-03-11');
  assert.equal(of('last_week'), '2026-03-02 2026-03-08');
  assert.equal(of('last_week', 6), '2026-02-28 2026-03-06');
  assert.equal(of('this_fiscal_year'), '2025-04-01 2026-03-11');
  assert.equal(of('last_fiscal_year'), '2024-04-01 2025-03-31');
  assert.equal(of('this_fiscal_year', 1, 1), of('this_year'));
  assert.equal(of('last_fiscal_year', 1, 1), of('last_year'));
});

test('sales by week begin each week on the organization’s day, and the forecast its weeks', async () => {
  const books = await given.organization();
  const key = await apiKeyOf(books);
  const customerId = await given.customer(books);
  // A Saturday, a Sunday and a Monday.
  for (const [at, day] of ['2026-03-07', '2026-03-08', '2026-03-09'].entries())
    await given.invoice(books, customerId, BigInt(100 * 10 ** at), { invoiceDate: day });
  const weeks = async (firstWeekday: number) => {
    await callApi(key, 'PATCH', '/v1/organization', { first_weekday: firstWeekday });
    const asked = 'period=custom&from=2026-03-01&to=2026-03-31&by=week';
    const { body } = await callApi(key, 'GET', `/v1/reports/sales?${asked}`);
    return (body as { rows: { cells: unknown[] }[] }).rows.map(({ cells }) => [cells[0], cells.at(-1)]);
  };
  assert.deepEqual(await weeks(1), [
    ['2026-03-02', 1100],
    ['2026-03-09', 10_000],
  ]);
  assert.deepEqual(await weeks(0), [
    ['2026-03-01', 100],
    ['2026-03-08', 11_000],
  ]);
  const { body } = await callApi(key, 'GET', '/v1/reports/cash-forecast');
  for (const { cells } of (body as { rows: { cells: string[] }[] }).rows)
    assert.equal(new Date(`${cells[0]}T00:00:00Z`).getUTCDay(), 0);
});
