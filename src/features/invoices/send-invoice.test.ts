import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { holdsPayLink } from '#features/invoices/pay-link.ts';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import type { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { type Books, given, secrets } from '../../../test/support/given.ts';
import { invoiceOfAna, mailInvoice, mailsOf, setOrganization } from '../../../test/support/mails.ts';

const sentAt = (books: Books, invoiceId: string) =>
  books.tx((tx) =>
    tx.row<{ firstSentAt: Date | null; lastSentAt: Date | null }>(sql`
  select first_sent_at, last_sent_at from invoices where organization_id = ${books.organizationId}
    and id = ${invoiceId}`),
  );

describe('the mail of an invoice', () => {
  test('says amount, due date, number and payee in both parts, and has one button that needs no sign-in', async () => {
    const { books, invoiceId } = await invoiceOfAna();
    const { messageId } = await mailInvoice(books, invoiceId);
    const [mail] = await mailsOf(books);
    assert.ok(mail);
    assert.equal(mail.id, messageId);
    const { name } = (await books.tx((tx) =>
      tx.row<{ name: string }>(sql`
      select name from organizations where id = ${books.organizationId}`),
    )) ?? { name: '-' };
    for (const part of [mail.html, mail.text]) {
      for (const fact of ['$120.50', 'Mar 31, 2026', 'A-7', name]) assert.ok(part.includes(fact), fact);
    }
    assert.equal(mail.subject, `Invoice A-7 from ${name}`);
    const buttons = [...mail.html.matchAll(/href="(https:\/\/owed\.test\/i\/[^"]+)"/g)].map(
      (match) => match[1] ?? '',
    );
    assert.equal(new Set(buttons).size, 1);
    const [, signature] = /\/i\/inv_[^/]+\/(.+)$/.exec(buttons[0] ?? '') ?? [];
    assert.ok(
      holdsPayLink(
        secrets,
        { id: invoiceId, organizationId: books.organizationId, linkVersion: 0 },
        signature ?? '',
      ),
    );
    assert.ok(mail.text.includes(buttons[0] ?? '-'));
    assert.equal(mail.html.match(/Pay this invoice/g)?.length, 1);
  });

  test('goes to the customer and its copies, once each, and is noted on the invoice', async () => {
    const { books, invoiceId } = await invoiceOfAna();
    const { messageId } = await mailInvoice(books, invoiceId);
    const [mail] = await mailsOf(books);
    assert.deepEqual([mail?.toEmails, mail?.ccEmails], [['ana@example.com'], ['books@example.com']]);
    assert.deepEqual(await sentAt(books, invoiceId), { firstSentAt: books.now, lastSentAt: books.now });
    const event = await books.tx((tx) =>
      tx.row<{ data: { message_id: string } }>(sql`select data from events
      where organization_id = ${books.organizationId} and subject_id = ${invoiceId}
        and type = 'invoice.sent'`),
    );
    assert.equal(event?.data.message_id, messageId);
  });

  test('escapes what people typed', async () => {
    const { books, invoiceId } = await invoiceOfAna();
    await mailInvoice(books, invoiceId, {
      body: 'Dear {{customer.display_name}}, <script>alert(1)</script>',
    });
    const [mail] = await mailsOf(books);
    assert.match(mail?.html ?? '', /Dear Ana &amp; &lt;b&gt;Sons&lt;\/b&gt;, &lt;script&gt;/);
    assert.doesNotMatch(mail?.html ?? '', /<script|<b>Sons/);
    assert.ok(mail?.text.includes('Dear Ana & <b>Sons</b>, <script>'));
  });

  test('uses the organization’s own words, and this sending’s before these', async () => {
    const { books, invoiceId } = await invoiceOfAna();
    await setOrganization(
      books,
      sql`invoice_message_subject = 'Bill {{invoice.number}}', invoice_message_body = 'Own words.'`,
    );
    await mailInvoice(books, invoiceId);
    await mailInvoice(books, invoiceId, {
      subject: 'Second copy',
      body: 'For {{customer.business_name}} {{customer.first_name}}.',
    });
    const [own, given_] = await mailsOf(books);
    assert.equal(own?.subject, 'Bill A-7');
    assert.ok(own?.text.includes('Own words.') && own.text.includes('$120.50'));
    assert.equal(given_?.subject, 'Second copy');
    assert.ok(given_?.text.includes('For Ana.'));
  });

  test('an unknown field in the words is refused by its name, and nothing goes out', async () => {
    const { books, invoiceId } = await invoiceOfAna();
    await assert.rejects(
      mailInvoice(books, invoiceId, { body: 'Hello {{customer.nickname}}' }),
      (error: Refusal) =>
        error.code === 'invalid_request' &&
        error.details.param === 'body' &&
        error.message.includes('{{customer.nickname}}'),
    );
    assert.equal((await mailsOf(books)).length, 0);
  });

  test('a copy to oneself reaches nobody else, and the customer still waits for it', async () => {
    const { books, invoiceId } = await invoiceOfAna();
    await setOrganization(books, sql`email = 'me@fern.example'`);
    await mailInvoice(books, invoiceId, { to: ['me@fern.example'] });
    const [mail] = await mailsOf(books);
    assert.deepEqual([mail?.toEmails, mail?.ccEmails], [['me@fern.example'], []]);
    assert.equal((await sentAt(books, invoiceId))?.firstSentAt, null);
  });

  test('of a paid invoice says that it is paid and asks for nothing', async () => {
    const { books, customerId, invoiceId } = await invoiceOfAna();
    await given.payment(books, {
      customerId,
      amount: 12_050n,
      applications: [{ invoiceId, amount: 12_050n }],
    });
    await mailInvoice(books, invoiceId);
    const mail = (await mailsOf(books)).find((each) => each.invoiceId === invoiceId);
    assert.match(mail?.text ?? '', /This invoice is paid\. Nothing is due\./);
    assert.doesNotMatch(`${mail?.text}${mail?.html}`, /Pay this invoice|pay it online/);
  });

  test('while a payment is under way asks only for what is left', async () => {
    const { books, customerId, invoiceId } = await invoiceOfAna();
    const { paymentId } = await given.charge(books, {
      customerId,
      amount: 2_050n,
      applications: [{ invoiceId, amount: 2_050n }],
    });
    assert.ok(paymentId);
    await mailInvoice(books, invoiceId);
    const [mail] = await mailsOf(books);
    assert.match(mail?.text ?? '', /Due now: \$100\.00/);
    assert.match(mail?.text ?? '', /\$20\.50 is being processed/);
  });

  test('a draft, a void invoice and a customer without an address are refused with the remedy', async () => {
    const { books, invoiceId } = await invoiceOfAna();
    const { invoiceId: addressless } = await given.debtor(books, 100n);
    await assert.rejects(
      mailInvoice(books, addressless),
      (error: Refusal) =>
        error.code === 'invalid_request' &&
        /has no e-mail address\. Add one to the customer/.test(error.message),
    );
    await mailInvoice(books, addressless, { to: ['other@example.com'] });
    await books.tx((tx) =>
      voidInvoice(
        tx,
        books.actor,
        { organizationId: books.organizationId, invoiceId, reason: 'test' },
        books.now,
      ),
    );
    await assert.rejects(
      mailInvoice(books, invoiceId),
      (error: Refusal) => error.code === 'state_refused' && /void/.test(error.message),
    );
    await books.tx((tx) =>
      tx.run(
        sql`update invoices set issued_at = null, voided_at = null, closed_at = null where id = ${invoiceId}`,
      ),
    );
    await assert.rejects(
      mailInvoice(books, invoiceId),
      (error: Refusal) => error.code === 'state_refused' && /Issue it first/.test(error.message),
    );
    await assert.rejects(
      mailInvoice(books, newId('invoice')),
      (error: Refusal) => error.code === 'not_found',
    );
  });

  test('another organization’s invoice cannot be sent', async () => {
    const { invoiceId } = await invoiceOfAna();
    const stranger = await given.organization();
    await assert.rejects(mailInvoice(stranger, invoiceId), (error: Refusal) => error.code === 'not_found');
  });
});
