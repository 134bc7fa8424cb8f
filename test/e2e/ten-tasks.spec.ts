/**
 * The ten commonest tasks of a biller, each done with the keyboard alone and checked in the books. Which ten, and why:
 *  1 write and send an invoice        what billing is (product-a 7.1, 6.5)
 *  2 find a customer, see what it owes the question of every call (product-a 5.2)
 *  3 one check for two invoices       most business money still comes so (product-b 3.4, Bulk Pay)
 *  4 charge a stored card             what a stored method is for (product-b 3.4)
 *  5 refund a part of a payment       what must not go wrong when it does (product-b 3.7)
 *  6 remind by hand                   sent again with words of one's own (product-a 6.5; 6.8: "no bounce → nudge")
 *  7 send a statement                 all that is open in one message (product-a 10.4)
 *  8 add a customer                   before the first invoice (product-a 5.9)
 *  9 take checks to the bank          the deposit that the bank will show (product-b 3.13)
 * 10 aging report, exported           the month's end (product-b 10)
 * On the way: each stop of the focus is marked and in sight, a dialog takes the focus and gives it back, no page holds it,
 * the skip link leads into each, and axe has nothing to say of any page or dialog.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { closeBrowser } from '../support/browser.ts';
import { openTenTasksDesk } from '../support/ten-tasks-desk.ts';

type List<Row> = { data: Row[] };
type Invoice = {
  id: string;
  number: string;
  total: number;
  balance_due: number;
  first_sent_at: string | null;
};
type Message = { id: string; kind: string; state: string; to: string[] };

let desk: Awaited<ReturnType<typeof openTenTasksDesk>>;
before(async () => {
  desk = await openTenTasksDesk();
});
after(async () => {
  await closeBrowser();
  await desk.stop();
});
const messagesTo = (customerId: string, kind: string): Promise<Message> =>
  desk
    .until<List<Message>>(`/v1/messages?customer_id=${customerId}&kind=${kind}`, ({ data }) =>
      data.some(({ state }) => state === 'sent'),
    )
    .then(({ data }) => data.find(({ state }) => state === 'sent') as Message);

test('1 an invoice is written, issued and sent', async () => {
  const { keyboard: keys, page, get } = desk;
  await desk.open('/');
  await page.keyboard.press('n');
  await keys.arrive('New invoice');
  await keys.choose('Night', 'Nightingale Inn');
  await keys.fill('Line 1: item', 'Lobby lamps');
  await keys.fill('Line 1: quantity', '3');
  await keys.fill('Line 1: price', '40');
  await page.keyboard.press('Enter');
  await keys.fill('Line 2: item', 'Fitting');
  await keys.fill('Line 2: price', '55.50');
  await keys.press('Issue');
  const heading = /^FG-/;
  await keys.arrive(heading);
  await keys.press('Send');
  await keys.dialog(/^Send FG-/);
  await keys.press('Send');
  await keys.closed(/^Send/);
  const { data } = await get<List<Invoice>>(`/v1/invoices?customer_id=${desk.desk.customers.inn}`);
  assert.deepEqual([data.length, data[0]?.total, data[0]?.balance_due], [1, 17_550, 17_550]);
  assert.ok(data[0]?.first_sent_at);
  const mail = await messagesTo(desk.desk.customers.inn, 'invoice');
  assert.deepEqual(mail.to, ['Nightingale@example.com']);
});

test('an answer that comes between the arrow and Enter puts no other customer in place of the chosen one', async () => {
  const { page } = desk;
  const { quarry } = desk.desk.customers;
  let answer = (): void => {};
  const late = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route('**/v1/customers?*q=Night*', async (route) => {
    await late;
    const reply = await route.fetch();
    const { data, ...rest } = (await reply.json()) as List<{ id: string }>;
    const other = { ...data[0], id: quarry, display_name: 'Quarry & Sons' };
    await route.fulfill({ response: reply, json: { ...rest, data: [other, ...data] } });
  });
  await desk.open('/invoices/new');
  await page.keyboard.type('Night');
  await page.getByRole('option', { name: 'Quarry & Sons' }).waitFor({ state: 'detached' });
  await page.getByRole('option', { name: 'Nightingale Inn' }).waitFor();
  await page.keyboard.press('ArrowDown');
  const answered = page.waitForResponse(/customers\?.*q=Night/);
  answer();
  await answered;
  await page.waitForTimeout(100);
  await page.keyboard.press('Enter');
  assert.equal(await page.getByRole('combobox', { name: 'Customer' }).inputValue(), 'Nightingale Inn');
  await page.unroute('**/v1/customers?*q=Night*');
});

test('2 a customer is found, and what it owes is read', async () => {
  const { keyboard: keys, page, get } = desk;
  await desk.open('/');
  await page.keyboard.press('Control+k');
  await keys.dialog('Search and commands');
  await page.keyboard.press('Escape');
  await keys.closed();
  await page.keyboard.type('gc');
  await keys.arrive('Customers');
  await keys.search('quarry');
  await keys.press('Quarry & Sons');
  await keys.arrive('Quarry & Sons');
  const owes = page.locator('.figures div', { hasText: 'Open' }).first();
  assert.match((await owes.textContent()) ?? '', /\$200\.00.*2 invoices/);
  const { open_balance } = await get<{ open_balance: number }>(`/v1/customers/${desk.desk.customers.quarry}`);
  assert.equal(open_balance, 20_000);
});

test('3 one check pays two invoices', async () => {
  const { keyboard: keys, get } = desk;
  const [first, second] = desk.desk.quarry;
  await desk.open(`/customers/${desk.desk.customers.quarry}`);
  for (const invoice of [second, first]) await keys.press(`Select ${invoice?.number}`, 'Space');
  await keys.press('Pay 2 invoices');
  await keys.dialog('Take payment from Quarry & Sons');
  await keys.fill('Check number', '2207');
  await keys.press('Record $200.00');
  await keys.closed();
  const { data } = await get<
    List<{ kind: string; amount: number; reference: string; applications: { amount: number }[] }>
  >(`/v1/payments?customer_id=${desk.desk.customers.quarry}`);
  assert.deepEqual(
    data.map(({ kind, amount, reference }) => [kind, amount, reference]),
    [['check', 20_000, '2207']],
  );
  for (const invoice of desk.desk.quarry)
    assert.equal((await get<Invoice>(`/v1/invoices/${invoice.id}`)).balance_due, 0);
});

test('4 a stored card is charged', async () => {
  const { keyboard: keys, page, get } = desk;
  const { id, number } = desk.desk.toCharge;
  await desk.open(`/invoices/${id}`);
  await keys.pick('Take payment', 'Charge a card or bank account');
  await keys.dialog('Charge Mill Street Dental');
  await keys.to(/^Visa •••• 4242/);
  await keys.press('Charge $310.00');
  await keys.arrive('$310.00');
  await page.getByText('Approved', { exact: true }).first().waitFor();
  const { balance_due } = await get<Invoice>(`/v1/invoices/${id}`);
  assert.equal(balance_due, 0, number);
});

test('5 a part of a payment is refunded', async () => {
  const { keyboard: keys, page, until } = desk;
  await desk.open('/');
  await page.keyboard.type('gp');
  await keys.arrive('Payments');
  await keys.search('mill street');
  // The newest first: the card of the task before.
  await keys.to('Mill Street Dental');
  await keys.press('Mill Street Dental');
  await keys.arrive('$950.00');
  await keys.press('Refund');
  await keys.dialog('Refund this payment');
  await keys.to(/^All that is left/);
  await page.keyboard.press('ArrowDown');
  await keys.fill('Amount', '25.00');
  await keys.fill('Reason', 'One visit was missed');
  await keys.press('Refund $25.00');
  await keys.closed('Refund');
  const url = `/v1/payments/${desk.desk.payment.id}`;
  await until<{ refunded: number }>(url, ({ refunded }) => refunded === 2_500);
});

test('6 a customer that is late is reminded by hand', async () => {
  const { keyboard: keys, get } = desk;
  const { id, number } = desk.desk.late;
  await desk.open(`/invoices/${id}`);
  await keys.press(/^Send/);
  await keys.dialog(`Send ${number}`);
  await keys.fill('Subject', 'Invoice {{invoice.number}} is past due');
  await keys.fill('Message', 'Could you look at this one? It was due {{invoice.due_date}}.');
  await keys.press('Send');
  await keys.closed(/^Send/);
  const { id: messageId } = await messagesTo(desk.desk.customers.orchard, 'invoice');
  const mail = await get<{ subject: string; text: string }>(`/v1/messages/${messageId}`);
  assert.equal(mail.subject, `Invoice ${number} is past due`);
  assert.match(mail.text, /look at this one\? It was due Feb 4, 2026/);
});

test('7 a statement is sent', async () => {
  const { keyboard: keys, page } = desk;
  await desk.open(`/customers/${desk.desk.customers.orchard}`);
  await keys.press('Statement link');
  await keys.dialog('Statement link');
  await keys.press('Send statement link');
  await page.getByText('Sent to Orchard@example.com').waitFor();
  assert.ok((await keys.at()).inDialog, 'the focus stays in the dialog when what had it is gone');
  await page.keyboard.press('Escape');
  await keys.closed('Statement link');
  await messagesTo(desk.desk.customers.orchard, 'statement');
});

test('8 a customer is added', async () => {
  const { keyboard: keys, page, get } = desk;
  await desk.open('/customers');
  await keys.press('Add customer');
  await keys.dialog('Add a customer');
  await page.keyboard.press('Enter');
  await page.getByText('Under which name do you know this customer?').waitFor();
  assert.equal((await keys.at()).name, 'Display name', 'the focus is at the field at fault');
  await page.keyboard.type('Pier Nine Rowing');
  await keys.fill('E-mail', 'office@pier-nine.example');
  await keys.press('Add customer');
  await keys.arrive('Pier Nine Rowing');
  const { data } = await get<List<{ display_name: string; email: string }>>('/v1/customers?q=pier');
  assert.deepEqual(
    data.map(({ display_name, email }) => [display_name, email]),
    [['Pier Nine Rowing', 'office@pier-nine.example']],
  );
});

test('9 a check is taken to the bank', async () => {
  const { keyboard: keys, page, get } = desk;
  await desk.open('/');
  await page.keyboard.type('gd');
  await keys.arrive('Deposits');
  await keys.press('Record a deposit');
  await keys.dialog('Record a deposit');
  await keys.press(/Quarry & Sons/, 'Space');
  await keys.fill('Memo', 'Friday');
  await keys.press('Deposit $200.00');
  await keys.arrive('$200.00');
  const { data } =
    await get<List<{ amount: number; kind: string; memo: string }>>('/v1/deposits?status=hand');
  assert.deepEqual([data[0]?.amount, data[0]?.kind, data[0]?.memo], [20_000, 'hand', 'Friday']);
});

test('10 the aging report is read by invoice and exported', async () => {
  const { keyboard: keys, page, get } = desk;
  await desk.open('/reports');
  await keys.press('Aging');
  await keys.arrive('Aging');
  await keys.to('A row for each');
  await page.keyboard.press('Enter');
  await keys.choose('', 'Invoice');
  await page.getByRole('columnheader', { name: 'Days' }).waitFor();
  await keys.to('CSV', { key: 'Shift+Tab' });
  const downloading = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  const csv = await readFile(await (await downloading).path(), 'utf8');
  const report = await get<{ count: number; totals: { cells: number[] }[] }>('/v1/reports/aging?by=invoice');
  const lines = csv.trim().split('\r\n').slice(1);
  assert.equal(lines.length, report.count);
  const sum = lines.reduce((total, line) => total + Number(line.split(',').at(-2)) * 100, 0);
  assert.equal(Math.round(sum), report.totals[0]?.cells.at(-1));
});

test('no page of the ten holds the focus, and the skip link leads into each', async (t) => {
  const { customers, late, payment } = desk.desk;
  for (const path of [
    '/',
    '/invoices/new',
    `/invoices/${late.id}`,
    `/customers/${customers.quarry}`,
    `/payments/${payment.id}`,
    '/deposits',
    '/reports/aging',
  ]) {
    await desk.open(path);
    t.diagnostic(`${path}: ${await desk.keyboard.around()} stops`);
  }
});
