import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { startWorker } from '#jobs/worker.ts';
import { signedIn } from './console-visitor.ts';
import { given } from './given.ts';
import { Keyboard } from './keyboard.ts';
import { tokenFor } from './portal.ts';
import { callApi, testDemo, testServer } from './server.ts';

type Row = { id: string; number: string; state: string };

/** A biller's morning: the sample company at a port, its worker at work, and four customers of its own. */
export async function openTenTasksDesk() {
  const { app, parts, jobs } = await testServer();
  const demo = await testDemo({ customers: 5, invoices: 30 });
  const { apiKey: key, organizationId } = demo;
  const problems: unknown[] = [];
  const worker = await startWorker({
    pool: parts.db.pool,
    jobs,
    schedule: [],
    concurrency: 4,
    onError: (_job, error) => problems.push(error),
  });
  await app.fastify.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.fastify.server.address() as AddressInfo;
  const send = async <Reply = Row>(url: string, body: object): Promise<Reply> => {
    const reply = await callApi(key, 'POST', url, body);
    assert.ok(reply.status < 300, `${url}: ${JSON.stringify(reply.body)}`);
    return reply.body as Reply;
  };
  const get = async <Reply>(url: string): Promise<Reply> => {
    const reply = await callApi(key, 'GET', url);
    assert.equal(reply.status, 200, `${url}: ${JSON.stringify(reply.body)}`);
    return reply.body as Reply;
  };
  /** The first answer of these that passes, for what the worker does a moment later. */
  const until = async <Reply>(url: string, passes: (reply: Reply) => boolean): Promise<Reply> => {
    for (let tries = 0; tries < 200; tries += 1) {
      const reply = await get<Reply>(url);
      if (passes(reply)) return reply;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return assert.fail(`${url} does not come to it: ${JSON.stringify(await get(url))}`);
  };
  const books = { ...(await given.organization()), organizationId };
  const customer = async (display_name: string) =>
    (await send('/v1/customers', { display_name, email: `${display_name.split(' ')[0]}@example.com` })).id;
  const bill = (customer_id: string, amount: number, dates = {}) =>
    send('/v1/invoices', { customer_id, issue: true, lines: [{ amount, item_name: 'Work' }], ...dates });
  /** Charged at the sandbox gateway, and the card is kept. */
  const charge = async (customer_id: string, invoice: Row, amount: number) => {
    const token = await tokenFor(books, 'approve');
    const applications = [{ invoice_id: invoice.id, amount }];
    const { id } = await send('/v1/charges', { customer_id, token, keep: true, amount, applications });
    return until<Row>(`/v1/payments/${id}`, ({ state }) => state === 'approved');
  };
  const [inn, quarry, mill, orchard] = [
    await customer('Nightingale Inn'),
    await customer('Quarry & Sons'),
    await customer('Mill Street Dental'),
    await customer('Orchard Lane HOA'),
  ];
  const paid = await charge(mill, await bill(mill, 95_000), 95_000);
  // The card settles, after which it is refunded and no more voided.
  await send('/v1/clock/advance', { days: 2 });
  await until<Row>(`/v1/payments/${paid.id}`, ({ state }) => state === 'settled');
  const past = { invoice_date: '2026-01-05', due_date: '2026-02-04' };
  const desk = {
    quarry: [await bill(quarry, 12_000), await bill(quarry, 8_000)],
    toCharge: await bill(mill, 31_000),
    late: await bill(orchard, 44_500, past),
    payment: paid,
    customers: { inn, quarry, mill, orchard },
  };
  const origin = `http://127.0.0.1:${port}`;
  const who = await signedIn({ origin, ...demo });
  const keyboard = new Keyboard(who.page, who);
  return {
    ...{ origin, desk, get, until, keyboard, page: who.page },
    open: async (path: string): Promise<void> => {
      await who.page.goto(`${origin}/console${path}`);
      await who.settle();
    },
    async stop() {
      await worker.stop();
      await app.fastify.close();
      if (problems.length > 0) throw problems[0];
    },
  };
}
