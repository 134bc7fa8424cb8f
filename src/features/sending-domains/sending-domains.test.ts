import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { startFakeSmtp } from '#connectors/mail/smtp/smtp-lab.ts';
import { smtpMailer } from '#connectors/mail/smtp/smtp-mailer.ts';
import { sendMessage } from '#features/correspondence/send-message.ts';
import { checkSendingDomain, sweepSendingDomains } from '#features/sending-domains/check-sending-domain.ts';
import type { Dns } from '#features/sending-domains/dns.ts';
import { readSendingDomain } from '#features/sending-domains/queries.ts';
import {
  checkRecord,
  type Found,
  type NeededRecord,
  readDomain,
  recordsOf,
} from '#features/sending-domains/rules.ts';
import { removeSendingDomain, setSendingDomain } from '#features/sending-domains/set-sending-domain.ts';
import { type Books, given, secrets, start } from '../../../test/support/given.ts';
import { mailInHost } from '../../../test/support/incoming-mail.ts';
import { outbox as box, queueMail } from '../../../test/support/mails.ts';

const outbox = { ...box, mailInHost };
const set = (books: Books, domain = 'fern.example', fromLocal = 'billing') =>
  books.tx((tx) =>
    setSendingDomain(
      tx,
      books.actor,
      { organizationId: books.organizationId, domain, fromLocal, secrets },
      books.now,
    ),
  );
const read = async (books: Books) => {
  const row = await books.tx((tx) => readSendingDomain(tx, outbox, books.organizationId));
  assert.ok(row);
  return row;
};
/** A DNS that holds what is needed, but for what is said otherwise. */
const dnsOf = (
  records: readonly NeededRecord[],
  otherwise: Partial<Record<NeededRecord['key'], Found>> = {},
): Dns => ({
  ask: async (type, name) => {
    const record = records.find((each) => each.type === type && each.name === name);
    if (!record) return 'none';
    const found = record.type === 'MX' ? (record.value.split(' ')[1] ?? '') : record.value;
    return otherwise[record.key] ?? [found];
  },
});
const check = async (books: Books, dns?: Dns) =>
  checkSendingDomain(
    { db: books.db, outbox, dns: dns ?? dnsOf((await read(books)).records) },
    { actor: books.actor, organizationId: books.organizationId },
    books.now,
  );

async function sentRaw(books: Books): Promise<{ raw: string; sender: string }> {
  const smtp = await startFakeSmtp();
  const mailer = smtpMailer({ url: smtp.url });
  const { messageId } = await queueMail(books);
  const stamps = { secrets, outbox, headersOf: () => ({}) };
  await sendMessage(
    { db: books.db, mailer, stamps },
    { organizationId: books.organizationId, messageId },
    start,
  );
  mailer.close();
  await smtp.stop();
  const [mail] = smtp.received;
  assert.ok(mail);
  return mail;
}

/** Does the signature hold, as a receiving server computes it (RFC 6376, relaxed/relaxed)? */
function dkimHolds(raw: string, publicKey: string): boolean {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  const unfolded = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const own = unfolded.find((line) => /^DKIM-Signature:/i.test(line)) ?? '';
  const tags = new Map(
    own
      .slice(own.indexOf(':') + 1)
      .split(';')
      .map((part): [string, string] => [
        part.slice(0, part.indexOf('=')).trim(),
        part.slice(part.indexOf('=') + 1).replace(/\s/g, ''),
      ]),
  );
  const plainBody = `${body
    .split('\r\n')
    .map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''))
    .join('\r\n')
    .replace(/(\r\n)*$/, '')}\r\n`;
  if (createHash('sha256').update(plainBody).digest('base64') !== tags.get('bh')) return false;
  const relaxed = (line: string) => {
    const at = line.indexOf(':');
    return `${line.slice(0, at).trim().toLowerCase()}:${line
      .slice(at + 1)
      .replace(/\s+/g, ' ')
      .trim()}`;
  };
  const signed = (tags.get('h') ?? '')
    .split(':')
    .flatMap((name) =>
      unfolded.filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`)).slice(-1),
    )
    .map((line) => `${relaxed(line)}\r\n`)
    .join('');
  const unsigned = relaxed(own.replace(/([;\s]b=)[^;]*/, '$1'));
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  return verify('sha256', Buffer.from(signed + unsigned), key, Buffer.from(tags.get('b') ?? '', 'base64'));
}

describe('a sending domain of one’s own', () => {
  test('until its records are found, mail comes from the installation and carries no signature', async () => {
    const books = await given.organization({ mode: 'live' });
    await set(books);
    assert.equal((await read(books)).state, 'pending');
    const { raw } = await sentRaw(books);
    assert.match(raw, /<no-reply@owed\.test>/);
    assert.doesNotMatch(raw, /DKIM-Signature/);
  });

  test('once they are found, mail comes from the domain, its signature holds, and its reports come back by it', async () => {
    const books = await given.organization({ mode: 'live' });
    await set(books);
    await check(books);
    const { state, publicKey } = await read(books);
    assert.equal(state, 'verified');
    const { raw, sender } = await sentRaw(books);
    assert.match(raw, /<billing@fern\.example>/);
    assert.match(sender, /^bounce\+[0-9a-z]{22}-[0-9a-f]{20}@bounce\.fern\.example$/);
    assert.equal(dkimHolds(raw, publicKey), true);
    assert.equal(dkimHolds(raw.replace('Subject: Hello', 'Subject: Pay me'), publicKey), false);
    assert.equal(dkimHolds(raw.replace('Hello\r\n', 'Hallo\r\n'), publicKey), false);
  });

  test('the private key is kept sealed, and no answer shows it', async () => {
    const books = await given.organization();
    await set(books);
    const row = await books.tx((tx) =>
      tx.row<{ privateKey: Buffer }>(sql`select private_key from sending_domains
        where organization_id = ${books.organizationId}`),
    );
    assert.ok(row && !row.privateKey.toString('latin1').includes('PRIVATE KEY'));
    assert.match(secrets.decrypt(row.privateKey), /^-----BEGIN PRIVATE KEY-----/);
    assert.ok(!JSON.stringify(await read(books)).includes('PRIVATE'));
  });

  test('a record that is gone falls back to the installation; a DNS that does not answer changes nothing', async () => {
    const books = await given.organization({ mode: 'live' });
    await set(books);
    const { records } = await read(books);
    await check(books);
    const sweep = (dns: Dns) => sweepSendingDomains({ db: books.db, outbox, dns }, start);
    await sweep(dnsOf(records, { dkim: 'unanswered', spf: 'unanswered' }));
    assert.equal((await read(books)).state, 'verified');
    await sweep(dnsOf(records, { dmarc: 'none' }));
    assert.equal((await read(books)).state, 'verified', 'DMARC is advice');
    await sweep(dnsOf(records, { dkim: 'none' }));
    assert.equal((await read(books)).state, 'failed');
    assert.match((await sentRaw(books)).raw, /<no-reply@owed\.test>/);
  });

  test('another domain gets another key; the same one keeps its key when only the address changes', async () => {
    const books = await given.organization();
    await set(books);
    const { publicKey } = await read(books);
    await check(books);
    await set(books, 'https://FERN.example/', 'invoices');
    const same = await read(books);
    assert.deepEqual([same.publicKey, same.state, same.fromLocal], [publicKey, 'verified', 'invoices']);
    await set(books, 'moss.example');
    const other = await read(books);
    assert.deepEqual([other.publicKey === publicKey, other.state], [false, 'pending']);
    await books.tx((tx) =>
      removeSendingDomain(tx, books.actor, { organizationId: books.organizationId }, books.now),
    );
    assert.equal(await books.tx((tx) => readSendingDomain(tx, outbox, books.organizationId)), undefined);
  });
});

test('what is wrong with a record is said, record by record', () => {
  const records = recordsOf({
    domain: 'fern.example',
    selector: 'owed-1',
    publicKey: 'MIIB',
    mailInHost,
    platformDomain: 'owed.test',
  });
  const problemOf = (key: NeededRecord['key'], found: Found) =>
    checkRecord(records.find((each) => each.key === key) as NeededRecord, found).problem;
  const cases: [NeededRecord['key'], Found, RegExp | null][] = [
    ['dkim', ['v=DKIM1; k=rsa; p=MI IB'], null],
    ['dkim', ['v=DKIM1;k=rsa;p=MIIBxx'], /another key/],
    ['dkim', ['v=DKIM1; p='], /no key/],
    ['dkim', ['v=DKIM1; p=MIIB', 'v=DKIM1; p=other'], /two keys/],
    ['dkim', 'none', /no TXT record at owed-1\._domainkey\.fern\.example/],
    ['dkim', 'unanswered', /no answer/],
    ['return_path', [mailInHost], null],
    ['return_path', ['mx.fern.example'], /leads to mx\.fern\.example/],
    ['return_path', [mailInHost, 'mx.fern.example'], /beside ours/],
    ['spf', ['hello', 'v=spf1 mx include:owed.test -all'], null],
    ['spf', ['v=spf1 mx -all'], /lacks include:owed\.test/],
    ['spf', ['v=spf1 include:owed.test ~all', 'v=spf1 -all'], /two records/],
    ['dmarc', ['v=DMARC1; p=reject; rua=mailto:x@y.example'], null],
    ['dmarc', ['v=DMARC1; p=maybe'], /none, quarantine or reject/],
  ];
  for (const [key, found, said] of cases)
    if (said === null) assert.equal(problemOf(key, found), null, String(found));
    else assert.match(problemOf(key, found) ?? '', said, String(found));
});

test('a domain is read as people write it; one that nobody here can prove is refused', () => {
  assert.deepEqual(readDomain(' https://Fern.Example/ '), { domain: 'fern.example' });
  assert.deepEqual(readDomain('billing@fern.example'), { domain: 'fern.example' });
  for (const text of [
    '',
    'fern',
    'fern..example',
    '-fern.example',
    'gmail.com',
    'münchen.example',
    '127.0.0.1',
    'a b.example',
  ])
    assert.ok('problem' in readDomain(text), text);
});
