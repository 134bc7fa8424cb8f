import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { dayDue, nextDays } from '#features/reports/mail-rules.ts';
import { listReportMails, startReportMail, stopReportMail } from '#features/reports/report-mails.ts';
import { sendReportMails } from '#features/reports/send-report-mails.ts';
import type { Refusal } from '#lib/errors.ts';
import { type Books, given, secrets } from '../../../test/support/given.ts';
import { makings } from '../../../test/support/mails.ts';
import { oneClickPresses as presses } from '../../../test/support/one-click.ts';
import { testServer } from '../../../test/support/server.ts';

const today = '2026-03-02';
const weekly = {
  report: 'aging',
  filter: { by: 'invoice' },
  format: 'csv',
  every: 'week',
  onDay: 5,
  recipients: ['boss@example.com'],
} as const;
const start = (books: Books, mail: Partial<Parameters<typeof startReportMail>[2]['mail']> = {}) =>
  books.tx((tx) =>
    startReportMail(
      tx,
      books.actor,
      {
        organizationId: books.organizationId,
        today,
        mail: { ...weekly, recipients: ['boss@example.com'], ...mail },
      },
      books.now,
    ),
  );
const work = (books: Books, day: string) =>
  sendReportMails(
    { db: books.db, outbox: makings.outbox, secrets },
    { organizationId: books.organizationId, today: day, now: new Date(`${day}T15:00:00Z`) },
  );
const sent = (books: Books) =>
  books.tx((tx) =>
    tx.rows<{ subject: string; fileName: string; text: string }>(sql`select m.subject, a.file_name,
        convert_from(a.bytes, 'UTF8') as text
      from messages m join message_attachments a on a.organization_id = m.organization_id and a.message_id = m.id
      where m.organization_id = ${books.organizationId} and m.kind = 'report' order by m.id`),
  );

test('days of a rhythm: weeks by weekday, months by their day or their last', () => {
  assert.deepEqual(nextDays({ every: 'week', onDay: 1 }, '2026-03-03', 2), ['2026-03-09', '2026-03-16']);
  assert.deepEqual(nextDays({ every: 'month', onDay: 31 }, '2026-01-31', 5), [
    '2026-01-31',
    '2026-02-28',
    '2026-03-31',
    '2026-04-30',
    '2026-05-31',
  ]);
  const monthly = { every: 'month', onDay: 31, startsOn: '2026-01-31', sentFor: '2026-01-31' } as const;
  assert.equal(dayDue(monthly, '2026-02-27'), undefined);
  assert.equal(dayDue(monthly, '2026-05-02'), '2026-04-30');
});

describe('a report by mail', () => {
  test('goes on its day, once, and after an outage for the newest day alone', async () => {
    const books = await given.organization();
    const customerId = await given.customer(books, { displayName: 'Ana' });
    await given.invoice(books, customerId, 100_00n, { invoiceDate: '2026-03-01', dueDate: '2026-03-31' });
    await start(books);
    await work(books, '2026-03-05');
    assert.equal((await sent(books)).length, 0);
    await work(books, '2026-03-06');
    await work(books, '2026-03-06');
    const [first, ...more] = await sent(books);
    assert.deepEqual(more, []);
    assert.equal(first?.fileName, 'aging-2026-03-06.csv');
    assert.match(first?.text ?? '', /Ana,2026-03-01,2026-03-31,0,100\.00,USD/);
    await work(books, '2026-03-25');
    assert.deepEqual(
      (await sent(books)).map(({ fileName }) => fileName),
      ['aging-2026-03-06.csv', 'aging-2026-03-20.csv'],
    );
  });

  test('names its next five days, and stops when it is told to', async () => {
    const books = await given.organization();
    const id = await start(books);
    const by = { organizationId: books.organizationId, today };
    const [mail] = await books.tx((tx) => listReportMails(tx, by));
    assert.deepEqual(mail?.next_days, ['2026-03-06', '2026-03-13', '2026-03-20', '2026-03-27', '2026-04-03']);
    await books.tx((tx) =>
      stopReportMail(tx, books.actor, { organizationId: books.organizationId, id }, books.now),
    );
    await work(books, '2026-03-06');
    assert.deepEqual(await sent(books), []);
    assert.deepEqual(await books.tx((tx) => listReportMails(tx, by)), []);
  });

  test('is refused with a filter that its report does not have', async () => {
    const books = await given.organization();
    await assert.rejects(start(books, { filter: { colour: 'red' } }), (refusal: Refusal) =>
      Boolean(refusal.details.fields?.colour),
    );
  });

  test('each address has a mail of its own, whose link takes that address off and no other', async () => {
    const books = await given.organization();
    const customerId = await given.customer(books, { displayName: 'Ana' });
    await given.invoice(books, customerId, 100_00n, { invoiceDate: '2026-03-01', dueDate: '2026-03-31' });
    await start(books, { recipients: ['boss@example.com', 'books@example.com'] });
    await work(books, '2026-03-06');
    const mails = await books.tx((tx) =>
      tx.rows<{ toEmails: string[]; unsubscribeUrl: string; text: string }>(sql`
        select to_emails, unsubscribe_url, text from messages where organization_id = ${books.organizationId}
          and kind = 'report' order by to_emails`),
    );
    assert.deepEqual(
      mails.map(({ toEmails }) => toEmails),
      [['books@example.com'], ['boss@example.com']],
    );
    const { app } = await testServer();
    const [mail] = mails;
    const page = /https?:\S+\/console\/stop-mails\?kind=report&token=([\w.-]+)/.exec(mail?.text ?? '');
    const token = page?.[1] ?? assert.fail(`no link at the foot: ${mail?.text}`);
    const look = () => app.fastify.inject({ method: 'GET', url: `/v1/report-mails/leave?token=${token}` });
    assert.deepEqual(
      [(await look()).json().left, (await look()).json().email],
      [false, 'books@example.com'],
      'a visit stops nothing',
    );
    const oneClick = new URL(mail?.unsubscribeUrl ?? '');
    const press = (search: string, by = presses.form) =>
      app.fastify.inject({ method: 'POST', url: `${oneClick.pathname}${search}`, ...by });
    const forged = `?token=${Buffer.from(JSON.stringify({ organizationId: books.organizationId })).toString('base64url')}.x`;
    assert.equal((await press(forged)).statusCode, 410);
    assert.equal((await press(oneClick.search, presses.parts)).statusCode, 200, 'as a form of parts');
    assert.equal((await press(oneClick.search)).statusCode, 200);
    assert.equal((await look()).json().left, true);
    const list = () =>
      books.tx((tx) => listReportMails(tx, { organizationId: books.organizationId, today: '2026-03-06' }));
    assert.deepEqual(
      (await list()).map(({ recipients }) => recipients),
      [['boss@example.com']],
    );
    const last = new URL(mails[1]?.unsubscribeUrl ?? '');
    assert.equal((await press(last.search)).statusCode, 200);
    assert.deepEqual(await list(), [], 'with nobody left it is stopped');
  });
});
