import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { createTransport } from 'nodemailer';
import { systemActor } from '#db/db.ts';
import { startMailDoor } from '#features/mail-news/mail-door.ts';
import { newId } from '#lib/ids.ts';
import { given, secrets } from '../../../test/support/given.ts';
import { deliveryReport, writeTo } from '../../../test/support/incoming-mail.ts';

test('mail by SMTP is taken for the addresses that we gave out, whole, and for no others', async (t) => {
  const { db } = await given.organization();
  const door = await startMailDoor({ db, secrets, port: 0, host: '127.0.0.1' });
  const transport = createTransport({ host: '127.0.0.1', port: door.port, ignoreTLS: true });
  t.after(async () => {
    transport.close();
    await door.close();
  });
  const to = writeTo('bounce', newId('message'));
  const raw = deliveryReport({ to });
  // The null sender, as servers report.
  await transport.sendMail({ envelope: { from: '', to: [to] }, raw });
  const kept = await db.transaction(systemActor('test'), (tx) =>
    tx.rows<{ raw: Buffer; readers: string[] }>(
      sql`select raw, readers from mail_arrivals where readers = array[${to}]`,
    ),
  );
  assert.equal(kept.length, 1);
  assert.equal(kept[0]?.raw.toString().trim(), raw.toString().trim());
  for (const other of ['info@mail.owed.test', to.replace(/-[0-9a-f]{20}/, `-${'0'.repeat(20)}`)])
    await assert.rejects(transport.sendMail({ envelope: { from: '', to: [other] }, raw }), /550 5\.1\.1/);
  const large = Buffer.concat([raw, Buffer.alloc(26 * 1024 * 1024, 'a\r\n')]);
  await assert.rejects(
    transport.sendMail({ envelope: { from: '', to: [writeTo('reply', newId('message'))] }, raw: large }),
    /552|exceeds/,
  );
});
