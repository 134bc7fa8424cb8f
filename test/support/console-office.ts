import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { systemActor } from '#db/db.ts';
import { createUser } from '#features/users/create-user.ts';
import { hashPassword } from '#features/users/passwords.ts';
import { issueUserLink } from '#features/users/user-links.ts';
import { newId } from '#lib/ids.ts';
import { newToken } from '#lib/secrets.ts';
import type { Books } from './given.ts';
import { callApi } from './server.ts';

type Demo = { apiKey: string; organizationId: string; userId?: string; email: string; password: string };

/** What the office has set up: estimates, items and taxes, a report by mail, files, a colleague who is invited. */
export async function officeOf(books: Books, demo: Demo, customerId: string) {
  const send = async (url: string, body: unknown, headers?: Record<string, string>): Promise<string> => {
    const reply = await callApi(demo.apiKey, 'POST', url, body, headers);
    assert.ok(reply.status < 300, `${url}: ${JSON.stringify(reply.body)}`);
    return (reply.body as { id: string }).id;
  };
  const write = (item: string) =>
    send('/v1/estimates', {
      customer_id: customerId,
      lines: [{ item_name: item, quantity: '3', unit_price: '480' }],
      deposit_percent: '30',
    });
  const [estimate, acceptedEstimate] = [await write('Kitchen fitting'), await write('Garden wall')];
  const answer = { answer: 'accepted', name: 'Ana Alvarez', revision: 0 };
  await send(`/v1/estimates/${acceptedEstimate}/answer`, answer);
  await send('/v1/items', {
    name: 'Hedge trimming',
    description: 'Up to two metres, with the cuttings taken away',
    unit_price: '85.00',
    taxable: true,
  });
  await send('/v1/report-mails', {
    report: 'aging',
    format: 'pdf',
    every: 'week',
    recipients: ['books@fieldgrove.example', 'a.very.long.name.of.an.accountant@accountants.example'],
  });
  const file = `/v1/files?customer_id=${customerId}&file_name=signed-terms.pdf`;
  const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');
  await send(file, pdf, { 'content-type': 'application/octet-stream' });
  const { body } = await callApi(
    demo.apiKey,
    'GET',
    `/v1/invoices?customer_id=${customerId}&status=past_due`,
  );
  const [late] = (body as { data: { id: string }[] }).data;
  const sheet = `/v1/files?invoice_id=${late?.id}&file_name=timesheet.pdf&goes_with_mail=yes`;
  await send(sheet, pdf, { 'content-type': 'application/octet-stream' });
  const guardedEmail = await guardedColleague(books, demo.password);
  return { estimate, acceptedEstimate, guardedEmail, ...(await linksOf(books, demo)) };
}

/** A colleague whose sign-in asks for the code of an app. */
async function guardedColleague({ db, organizationId, now }: Books, password: string): Promise<string> {
  const email = 'noor.haddad@fieldgrove.example';
  const actor = systemActor('test');
  const names = { firstName: 'Noor', lastName: 'Haddad', passwordHash: await hashPassword(password) };
  const person = { organizationId, email, ...names, roles: ['receivables'] };
  const { userId } = await db.transaction(actor, (one) => createUser(one, actor, person, now));
  await db.pool.query(
    'insert into authenticator_apps (user_id, secret, confirmed_at) values ($1, $2, now()) on conflict do nothing',
    [userId, Buffer.from('sealed')],
  );
  return email;
}

/** Links of mails to colleagues: to join, and to hear less. */
async function linksOf({ db, organizationId, now }: Books, { email }: Demo) {
  const guest = 'jo.field@fieldgrove.example';
  const invitationToken = await db.transaction(systemActor('test'), async (one) => {
    await one.run(sql`insert into user_invitations (organization_id, id, email, first_name, last_name, roles,
        own_roles, created_at, sent_at, expires_at)
      values (${organizationId}, ${newId('invitation')}, ${guest}, 'Jo', 'Field', array['payments'], array[]::text[],
        ${now}, ${now}, ${now}::timestamptz + interval '7 days')`);
    return issueUserLink(one, 'staff_invitation', { email: guest, organizationId }, now);
  });
  const stopToken = newToken();
  await db.pool.query(
    `insert into notice_readers (organization_id, user_id, stop_token)
      select $1, id, $3 from users where email = $2
      on conflict (organization_id, user_id) do update set stop_token = $3`,
    [organizationId, email, stopToken],
  );
  return { invitationToken, stopToken };
}
