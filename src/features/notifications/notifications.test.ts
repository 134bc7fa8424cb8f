import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { outboxOf } from '#features/correspondence/outbox.ts';
import { chooseNotices } from '#features/notifications/choose-notices.ts';
import { eventNotice } from '#features/notifications/event-notice-rules.ts';
import { countUnread, type Looker, listNotices } from '#features/notifications/list-notices.ts';
import type { NoticeChannel, NoticeKind } from '#features/notifications/notice-rules.ts';
import { readNotices } from '#features/notifications/read-notices.ts';
import { sendDigests } from '#features/notifications/send-digests.ts';
import { readStop, stopNotices } from '#features/notifications/stop-notices.ts';
import { type Notice, tellStaff } from '#features/notifications/tell-staff.ts';
import { newId } from '#lib/ids.ts';
import { scopesOfRoles } from '#lib/roles.ts';
import { type Books, given, later } from '../../../test/support/given.ts';
import { oneClickPresses as presses } from '../../../test/support/one-click.ts';
import { testServer } from '../../../test/support/server.ts';

const outbox = outboxOf({ baseUrl: 'https://pay.example', smtpUrl: undefined, mailFrom: undefined });

async function person(books: Books, roles: string[]): Promise<Looker & { email: string }> {
  const userId = newId('user');
  const email = `${userId}@fern.example`;
  const { organizationId } = books;
  await books.db.pool.query(
    `insert into users (id, email, password_hash, created_at) values ($1, $2, '', $3)`,
    [userId, email, books.now],
  );
  await books.db.pool.query(
    'insert into organization_users (organization_id, user_id, roles, created_at) values ($1, $2, $3, $4)',
    [organizationId, userId, roles, books.now],
  );
  return { organizationId, userId, roles, scopes: scopesOfRoles(roles), email };
}

const choose = (books: Books, reader: string, kind: NoticeKind, channel: NoticeChannel | null) =>
  books.tx((tx) =>
    chooseNotices(
      tx,
      books.actor,
      { organizationId: books.organizationId, reader, kind, channel },
      books.now,
    ),
  );

const noticeOf = (kind: NoticeKind, key: string): Notice => ({
  kind,
  key,
  messageKind: 'notice',
  path: '/payments',
  write: ({ words, link }) => ({ subject: `News ${key}`, html: `${words} ${link?.url ?? ''}`, text: words }),
});
const tell = (books: Books, notices: Notice[], now = later(60)) =>
  books.tx((tx) =>
    tellStaff(tx, books.actor, { organizationId: books.organizationId, outbox, notices }, now),
  );
const mailed = async (books: Books) => {
  const { rows } = await books.db.pool.query<{ to_emails: string[]; kind: string; html: string }>(
    'select to_emails, kind, html from messages where organization_id = $1 order by id',
    [books.organizationId],
  );
  return rows;
};
const titles = async (books: Books, looker: Looker) => {
  const page = await books.tx((tx) => listNotices(tx, looker, { limit: 25, unread: 'true' }));
  return page.data.map(({ title }) => title);
};
const addresses = (books: Books, emails: string[]) =>
  books.db.pool.query('update organizations set notify_emails = $2 where id = $1', [
    books.organizationId,
    emails,
  ]);

test('each is told by the own choice, and the common address once', async () => {
  const books = await given.organization();
  const [mails, quiet, lists] = [
    await person(books, ['superuser']),
    await person(books, ['superuser']),
    await person(books, ['superuser']),
  ];
  await addresses(books, ['office@fern.example', mails.email, quiet.email]);
  await choose(books, mails.userId, 'chargeback', 'mail');
  await choose(books, quiet.userId, 'chargeback', 'off');
  await tell(books, [noticeOf('chargeback', 'one')]);
  await tell(books, [noticeOf('chargeback', 'one')]);
  assert.deepEqual(
    (await mailed(books)).map(({ to_emails }) => to_emails),
    [['office@fern.example'], [mails.email]],
  );
  assert.deepEqual(await titles(books, lists), ['News one']);
  assert.deepEqual(await titles(books, quiet), []);
});

test('nobody is told of what their role may not read', async () => {
  const books = await given.organization();
  const manager = await person(books, ['settings_manager']);
  await choose(books, manager.userId, 'chargeback', 'mail');
  await tell(books, [noticeOf('chargeback', 'one')]);
  assert.deepEqual(await mailed(books), []);
  assert.deepEqual(await titles(books, manager), []);
});

test('a role’s default holds for its people, everyone’s for the rest, and an own choice before both', async () => {
  const books = await given.organization();
  const clerk = await person(books, ['payments']);
  const boss = await person(books, ['superuser']);
  const own = await person(books, ['payments']);
  await choose(books, 'payments', 'payout_exception', 'mail');
  await choose(books, 'everyone', 'payout_exception', 'off');
  await choose(books, own.userId, 'payout_exception', 'console');
  await tell(books, [noticeOf('payout_exception', 'one')]);
  assert.deepEqual(
    (await mailed(books)).map(({ to_emails }) => to_emails),
    [[clerk.email]],
  );
  assert.deepEqual(await titles(books, boss), []);
  assert.deepEqual(await titles(books, own), ['News one']);
});

test('the digest gathers a day in one mail, once, and does not say tomorrow what it said today', async () => {
  const books = await given.organization();
  const reader = await person(books, ['superuser']);
  await choose(books, reader.userId, 'portal_sign_up', 'digest');
  await tell(books, [noticeOf('portal_sign_up', 'one'), noticeOf('portal_sign_up', 'two')]);
  assert.deepEqual(await mailed(books), []);
  const day = { organizationId: books.organizationId, today: '2026-03-03', now: later(3600) };
  await sendDigests({ db: books.db, outbox }, day);
  await sendDigests({ db: books.db, outbox }, day);
  const [digest, ...others] = await mailed(books);
  assert.equal(others.length, 0);
  assert.match(digest?.html ?? '', /Portal sign-up \(2\)/);
  await sendDigests({ db: books.db, outbox }, { ...day, today: '2026-03-04', now: later(90_000) });
  assert.equal((await mailed(books)).length, 1);
});

test('the daily summary goes to who wants it, also on a day without news', async () => {
  const books = await given.organization();
  const reader = await person(books, ['superuser']);
  await given.debtor(books, 4200n);
  await choose(books, reader.userId, 'daily_summary', 'mail');
  const day = { organizationId: books.organizationId, today: '2026-03-03', now: later(3600) };
  await sendDigests({ db: books.db, outbox }, day);
  assert.match((await mailed(books))[0]?.html ?? '', /\$42\.00 · 1 invoice/);
});

test('what is read is counted no more: one alone, then all that came before', async () => {
  const books = await given.organization();
  const reader = await person(books, ['superuser']);
  await tell(books, [
    noticeOf('chargeback', 'one'),
    noticeOf('dispute', 'two'),
    noticeOf('chargeback', 'three'),
  ]);
  const actor = { kind: 'user', ...reader } as const;
  const count = async () => (await books.tx((tx) => countUnread(tx, reader))).count;
  const { data } = await books.tx((tx) => listNotices(tx, reader, { limit: 25, unread: 'false' }));
  const [newest, middle] = data;
  await books.tx((tx) => readNotices(tx, actor, { noticeId: middle?.id ?? '', andOlder: false }));
  assert.equal(await count(), 2);
  await books.tx((tx) => readNotices(tx, actor, { noticeId: newest?.id ?? '', andOlder: true }));
  assert.equal(await count(), 0);
});

test('the link at the foot stops its kind of mail and no other, and leaves the news in the console', async () => {
  const books = await given.organization();
  const reader = await person(books, ['superuser']);
  await choose(books, reader.userId, 'chargeback', 'mail');
  await choose(books, reader.userId, 'dispute', 'mail');
  await tell(books, [noticeOf('chargeback', 'one')]);
  const token = /token=([\w-]+)/.exec((await mailed(books))[0]?.html ?? '')?.[1] ?? '';
  assert.equal((await readStop(books.db, { token, kind: 'chargeback' })).stopped, false);
  await stopNotices(books.db, { token, kind: 'chargeback' });
  await tell(books, [noticeOf('chargeback', 'two'), noticeOf('dispute', 'three')]);
  assert.equal((await mailed(books)).length, 2);
  assert.deepEqual(await titles(books, reader), ['News three', 'News two', 'News one']);
  await assert.rejects(stopNotices(books.db, { token: 'guessed', kind: 'dispute' }), /not known/);
});

test('an organization sees no notice of another', async () => {
  const [books, other] = [await given.organization(), await given.organization()];
  const reader = await person(books, ['superuser']);
  await tell(other, [noticeOf('chargeback', 'theirs')]);
  assert.deepEqual(await titles(books, reader), []);
  const rows = await books.tx((tx) => tx.rows(sql`select id from notices`));
  assert.deepEqual(rows, []);
});

test('mails to one reader carry the one-click header; a press there stops, a visit does not', async () => {
  const books = await given.organization();
  const reader = await person(books, ['superuser']);
  await choose(books, reader.userId, 'payment_received', 'mail');
  await tell(books, [noticeOf('payment_received', 'one')]);
  const { rows } = await books.db.pool.query<{ unsubscribe_url: string | null; to_emails: string[] }>(
    'select unsubscribe_url, to_emails from messages where organization_id = $1 order by id',
    [books.organizationId],
  );
  const url = rows.find(({ to_emails: [to] }) => to === reader.email)?.unsubscribe_url ?? '';
  assert.match(url, /^https:\/\/pay\.example\/stop-mails\/notices\?token=[\w-]+&kind=payment_received$/);
  const path = url.replace('https://pay.example', '');
  const { app } = await testServer();
  const looked = await app.fastify.inject({ method: 'GET', url: path });
  assert.deepEqual(
    [looked.statusCode, looked.headers.location],
    [302, path.replace('/stop-mails/notices', '/console/stop-mails')],
  );
  await tell(books, [noticeOf('payment_received', 'two')]);
  const press = (to: string, by = presses.form) => app.fastify.inject({ method: 'POST', url: to, ...by });
  assert.equal((await press(path.replace(/token=[\w-]+/, 'token=forged'))).statusCode, 410);
  assert.equal((await press(path, presses.parts)).statusCode, 200, 'as a form of parts');
  assert.equal((await press(path)).statusCode, 200, 'pressed twice it is still stopped');
  await tell(books, [noticeOf('payment_received', 'three')]);
  const mine = (await mailed(books)).filter(({ to_emails: [to] }) => to === reader.email);
  assert.equal(mine.length, 2);
});

test('a payout that does not add up is told in whole sentences', () => {
  const ink = { money: () => '$1', day: (at: string) => at };
  const told = (exception: string) =>
    eventNotice(
      {
        id: 'evt_1',
        type: 'payout.needs_attention',
        subjectId: 'dep_1',
        customerId: null,
        customerName: null,
        actorKind: 'job',
        data: { exception, amount: 100, currency: 'USD' },
        evidenceDue: null,
        importFile: null,
        importKind: null,
      },
      ink,
    )?.words ?? '';
  assert.match(told('The lines do not add up to what the gateway paid out.'), /paid out\.$/);
  assert.doesNotMatch(told('Line 3 is an adjustment: fee reversal..'), /\.\./);
  assert.match(told(''), /its lines do not agree\.$/);
});
