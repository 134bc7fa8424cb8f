import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import { type Database, systemActor } from '#db/db.ts';
import { recordChargeback } from '#features/chargebacks/record-chargeback.ts';
import { recordPayout } from '#features/deposits/record-payout.ts';
import { createUser } from '#features/users/create-user.ts';
import { newInstallationToken } from '#features/users/installation.ts';
import { startWorker } from '#jobs/worker.ts';
import { dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import { autopayOf } from './autopay.ts';
import { billingOf } from './console-billing.ts';
import { channelsOf } from './console-channels.ts';
import { draftCredit } from './console-credit.ts';
import { deskOf } from './console-desk.ts';
import { hostOf } from './console-host.ts';
import { importsOf } from './console-imports.ts';
import { paymentLinksFor } from './console-links.ts';
import { mailOf } from './console-mail.ts';
import { officeOf } from './console-office.ts';
import { plansOf } from './console-plans.ts';
import { schedulesOf } from './console-schedules.ts';
import { ticketsOf } from './console-tickets.ts';
import { type Books, bankAccount, given, later, news } from './given.ts';
import { agree, workLateFees } from './late-fees.ts';
import { approvedPayment, askRefund, refundNews, settledPayment } from './refunds.ts';
import { callApi, testDemo, testServer } from './server.ts';

type Demo = Awaited<ReturnType<typeof testDemo>>;
type Places = Awaited<ReturnType<typeof placesOf>> &
  Awaited<ReturnType<typeof importsOf>> &
  Awaited<ReturnType<typeof ticketsOf>>;

/** Where the console is served and what there is to open in it. */
export type ConsoleCompany = {
  origin: string;
  email: string;
  password: string;
  hostEmail: string;
  /** The person's second organization, in which nothing has happened yet. */
  emptyName: string;
  firstStartToken: string;
  ids: Places;
  stop(): Promise<void>;
};

/** The whole of Owed behind a port, its worker at work, with a small company and an empty one. */
export async function openConsoleCompany(): Promise<ConsoleCompany> {
  const { app, parts, jobs } = await testServer();
  const { db } = parts;
  const demo = await testDemo({ customers: 12, invoices: 90 });
  const problems: unknown[] = [];
  const worker = await startWorker({
    pool: db.pool,
    jobs,
    schedule: [],
    concurrency: 4,
    onError: (_job, error) => problems.push(error),
  });
  await app.fastify.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.fastify.server.address() as AddressInfo;
  const token = await db.transaction(systemActor('test'), (tx) => newInstallationToken(tx, new Date()));
  const ids = {
    ...(await placesOf(db, demo)),
    ...(await importsOf(db, demo.organizationId)),
    ...(await ticketsOf(parts, demo.organizationId)),
  };
  return {
    origin: `http://127.0.0.1:${port}`,
    email: demo.email,
    password: demo.password,
    hostEmail: await hostOf(demo.email),
    emptyName: await emptyOrganization(db, demo.email),
    firstStartToken: must(token, 'a link for the first start'),
    ids,
    async stop() {
      await worker.stop();
      await app.fastify.close();
      if (problems.length > 0) throw problems[0];
    },
  };
}

/** An organization in which nothing has happened, for the same person. */
async function emptyOrganization(db: Database, email: string): Promise<string> {
  const { organizationId } = await given.organization({ mode: 'live' });
  return db.transaction(systemActor('test'), async (tx) => {
    const person = { email, firstName: '', lastName: '', passwordHash: '', roles: ['superuser'] };
    await createUser(tx, systemActor('test'), { organizationId, ...person }, new Date());
    const row = await tx.row<{ name: string }>(
      sql`select name from organizations where id = ${organizationId}`,
    );
    return must(row, 'the empty organization').name;
  });
}

type Row = { id: string; customer_id: string };

/** Late fees have been on for some weeks, so that what is past due has one. */
async function chargeLateFees(books: Books): Promise<void> {
  const dayOf = (days: number): string =>
    later(days * 86_400, new Date())
      .toISOString()
      .slice(0, 10);
  const terms = {
    amountType: 'percent',
    percent: '1.5',
    flatAmount: 0n,
    everyDays: 30,
    jurisdiction: 'US',
  } as const;
  await agree(books, { ...terms, effectiveFrom: '2020-01-01' }, dayOf(-35));
  await workLateFees(books, dayOf(0));
}

/** A document of each kind, as the API lists them. */
async function placesOf(db: Database, demo: Demo) {
  const first = async (url: string): Promise<Row> => {
    const { status, body } = await callApi(demo.apiKey, 'GET', url);
    return must((body as { data?: Row[] }).data?.[0], `${url} (${status})`);
  };
  const message = await firstMessage(first);
  const late = await first('/v1/invoices?status=past_due');
  const draft = await callApi(demo.apiKey, 'POST', '/v1/invoices', {
    customer_id: late.customer_id,
    memo: 'Gate code 4411. Please leave the cuttings by the shed.',
    issue: false,
    lines: [{ item_name: 'Hedge trimming', quantity: '2', unit_price: '85.00' }],
  });
  const credit = await callApi(demo.apiKey, 'POST', '/v1/credit-memos', {
    customer_id: late.customer_id,
    reason: 'Two visits were rained off',
    lines: [{ description: 'Mowing, two visits', amount: 12_000 }],
  });
  const creditDraft = await draftCredit(demo.apiKey, late.customer_id);
  const books = await booksOf(db, demo);
  await chargeLateFees(books);
  await given.storedMethod(books, late.customer_id);
  await paymentLinksFor(books, demo.apiKey, late.customer_id);
  await given.storedMethod(books, late.customer_id, bankAccount);
  await billingOf(books, demo.apiKey);
  const failed = await first('/v1/messages?kind=portal_invitation');
  await db.pool.query(
    `update messages set state = 'failed', attempts = 3,
      last_error = 'The mail server of cedar.example says: 550 no such mailbox.' where id = $1`,
    [failed.id],
  );
  return {
    customer: late.customer_id,
    lateInvoice: late.id,
    openInvoice: (await first('/v1/invoices?status=open')).id,
    closedInvoice: (await first('/v1/invoices?status=closed')).id,
    draftInvoice: must((draft.body as Row).id, JSON.stringify(draft.body)),
    payment: (await first('/v1/payments?status=succeeded')).id,
    pendingPayment: await chargeThat(books, 'submitted'),
    declinedPayment: await chargeThat(books, 'declined'),
    returnedPayment: await chargeThat(books, 'submitted', 'settled', 'returned'),
    approvedPayment: (await approvedPayment(books, { parts: [12_000n] })).paymentId,
    refundablePayment: await partlyRefunded(books),
    ...(await bankOf(books, demo)),
    ...(await channelsOf(books, late, await first('/v1/invoices?status=closed'))),
    ...(await deskOf(books, demo.apiKey, late.customer_id)),
    ...(await mailOf(books)),
    ...(await autopayOf(books)),
    ...(await schedulesOf(demo.apiKey, late.customer_id, db.pool)),
    ...(await plansOf(books)),
    ...(await officeOf(books, demo, late.customer_id)),
    creditMemo: must((credit.body as Row).id, JSON.stringify(credit.body)),
    draftCreditMemo: creditDraft,
    message: message.id,
    failedMessage: failed.id,
  };
}

/** The worker writes the mails after the demo has asked for them. */
async function firstMessage(first: (url: string) => Promise<Row>): Promise<Row> {
  for (let tries = 0; ; tries += 1) {
    try {
      await first('/v1/messages?kind=portal_invitation&state=sent');
      return await first('/v1/messages?kind=invoice&state=sent');
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function booksOf(db: Database, { organizationId }: Demo): Promise<Books> {
  const actor = { kind: 'job', organizationId, name: 'test' } as const;
  const account = await db.transaction(actor, (tx) =>
    tx.row<{ id: string }>(sql`select id from gateway_accounts where organization_id = ${organizationId}`),
  );
  return {
    db,
    organizationId,
    actor,
    gatewayAccountId: must(account, 'gateway').id,
    currency: 'USD',
    now: new Date(),
    tx: (work) => db.transaction(actor, work),
  };
}

/** One card for three invoices, with a fee and too much, of which some went back and some failed to. */
async function partlyRefunded(books: Books): Promise<string> {
  const parts = [60_000n, 40_000n, 12_500n];
  const { paymentId } = await settledPayment(books, { parts, over: 1_500n, fee: 3_375n });
  const sent = await askRefund(books, { paymentId, principal: 21_500n, reason: 'Two lamps came broken' });
  await refundNews(books, sent, 'submitted');
  await refundNews(books, await askRefund(books, { paymentId, principal: 5_000n }), 'submitted', 'failed');
  await askRefund(books, { paymentId, principal: 2_000n });
  return paymentId;
}

/** A payout that adds up, one that does not, and a payment that the payer's bank took back. */
async function bankOf(books: Books, demo: Demo) {
  const { organizationId, gatewayAccountId, actor, now } = books;
  const today = dateIn('America/Los_Angeles', now);
  const { paymentId, amount } = await settledPayment(books, { parts: [84_000n] });
  const line = { reference: 'txn_1', kind: 'charge', paymentId, gross: amount, fee: 2_466n } as const;
  const payoutOf = (reference: string, sum: bigint): Promise<{ depositId: string }> =>
    books.tx((tx) =>
      recordPayout(
        tx,
        actor,
        {
          organizationId,
          gatewayAccountId,
          payout: {
            reference,
            state: 'paid',
            amount: sum,
            currency: 'USD',
            initiatedOn: today,
            arrivesOn: today,
            lines: [
              {
                ...line,
                reference: `txn_${reference}`,
                net: amount - line.fee,
                description: 'Charge',
                on: today,
              },
            ],
          },
        },
        now,
      ),
    );
  const fine = await payoutOf('po_1', amount - line.fee);
  const odd = await payoutOf('po_2', amount);
  const checks = await callApi(demo.apiKey, 'GET', '/v1/payments?status=succeeded&limit=100');
  const inHand = (checks.body as { data: { id: string; kind: string }[] }).data.filter(
    (each) => each.kind === 'check',
  );
  const made = await callApi(demo.apiKey, 'POST', '/v1/deposits', {
    payment_ids: [must(inHand[0], 'a check').id],
  });
  await books.tx((tx) =>
    recordChargeback(
      tx,
      actor,
      {
        organizationId,
        gatewayAccountId,
        today,
        chargeback: {
          reference: 'dp_1',
          paymentId,
          amount: 84_000n,
          currency: 'USD',
          code: '10.4',
          reason: 'The cardholder says they did not make this payment.',
          state: 'opened',
          openedAt: now,
          evidenceDueAt: later(10 * 86_400, now),
        },
      },
      now,
    ),
  );
  return {
    payout: fine.depositId,
    oddPayout: odd.depositId,
    handDeposit: must((made.body as Row).id, JSON.stringify(made.body)),
    chargedBackPayment: paymentId,
  };
}

/** A charge that the gateway has said this of. */
async function chargeThat(books: Books, ...said: Parameters<typeof news>[0][]): Promise<string> {
  const amount = 48_250n;
  const { customerId, invoiceId } = await given.debtor(books, amount);
  const { paymentId } = await given.charge(books, {
    customerId,
    amount,
    receivedOn: dateIn('America/Los_Angeles', books.now),
    kind: said.includes('declined') ? 'card' : 'bank_account',
    applications: [{ invoiceId, amount }],
  });
  await given.outcome(books, paymentId, ...said.map((word) => news(word)));
  return paymentId;
}
