import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import type { Channel } from '#features/correspondence/channel-rules.ts';
import { tellCustomers } from '#features/messenger/tell-customers.ts';
import { previewTemplate } from '#features/templates/preview-template.ts';
import { readAllTemplates } from '#features/templates/queries.ts';
import { channelsOfTemplate, type TemplateType, templateTypes } from '#features/templates/rules.ts';
import { resetTemplate, setTemplate } from '#features/templates/set-template.ts';
import { testTemplate } from '#features/templates/test-template.ts';
import type { Refusal } from '#lib/errors.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { invoiceOfAna, mailInvoice, mailsOf, makings } from '../../../test/support/mails.ts';

type Words = { subject: string; body: string };
const set = (books: Books, type: TemplateType, channel: Channel, words: Words) =>
  books.tx((tx) =>
    setTemplate(
      tx,
      books.actor,
      { organizationId: books.organizationId, type, channel, ...words },
      books.now,
    ),
  );
const preview = (books: Books, type: TemplateType, channel: Channel, words: Words) =>
  books.tx((tx) =>
    previewTemplate(
      tx,
      { ...makings, organizationId: books.organizationId, type, channel, ...words },
      books.now,
    ),
  );
const all = (books: Books) => books.tx((tx) => readAllTemplates(tx, books.organizationId));
const hello = { subject: 'Hello {{invoice.number}}', body: 'Dear {{customer.display_name}}' };

describe('the words of messages', () => {
  test('what the preview shows is what the customer gets, to the letter', async () => {
    const { books, customerId, invoiceId } = await invoiceOfAna();
    await set(books, 'payment_due', 'email', hello);
    const shown = await preview(books, 'payment_due', 'email', hello);
    await books.tx((tx) =>
      tellCustomers(
        tx,
        books.actor,
        {
          ...makings,
          organizationId: books.organizationId,
          tells: [
            { type: 'payment_due', customerId, invoiceIds: [invoiceId], key: 'k', channels: ['email'] },
          ],
        },
        books.now,
      ),
    );
    const mail = (await mailsOf(books)).at(-1);
    assert.deepEqual([mail?.subject, mail?.html, mail?.text], [shown.subject, shown.html, shown.text]);
  });

  test('the mail that a person sends has its words on the same page', async () => {
    const { books, invoiceId } = await invoiceOfAna();
    await set(books, 'invoice', 'email', hello);
    await mailInvoice(books, invoiceId);
    assert.equal((await mailsOf(books)).at(-1)?.subject, 'Hello A-7');
    await books.tx((tx) =>
      resetTemplate(
        tx,
        books.actor,
        { organizationId: books.organizationId, type: 'invoice', channel: 'email' },
        books.now,
      ),
    );
    assert.equal((await all(books)).find(({ type }) => type === 'invoice')?.is_own, false);
  });

  test('a value is text: markup in a customer’s name is shown, never obeyed, and is read only once', async () => {
    const { books, customerId } = await invoiceOfAna();
    await books.tx((tx) =>
      tx.run(sql`update customers set display_name = '<img src=x onerror=alert(1)> {{organization.name}}'
        where id = ${customerId}`),
    );
    const shown = await preview(books, 'new_invoice', 'email', hello);
    assert.ok(shown.html.includes('&lt;img src=x onerror=alert(1)&gt; {{organization.name}}'));
    assert.ok(!shown.html.includes('<img src=x'));
    assert.ok(shown.text.includes('<img src=x onerror=alert(1)> {{organization.name}}'));
    const marked = await preview(books, 'new_invoice', 'email', { ...hello, body: '<script>x</script>' });
    assert.ok(!marked.html.includes('<script>'), 'nor is markup in the words');
  });

  test('an unknown field is refused by its name, with the one that was meant', async () => {
    const { books } = await invoiceOfAna();
    const refused = (words: Words, param: string, said: RegExp) =>
      assert.rejects(
        set(books, 'new_invoice', 'email', words),
        (error: Refusal) => error.details.param === param && said.test(error.message),
      );
    await refused({ ...hello, body: '{{customer.frist_name}}' }, 'body', /customer\.first_name/);
    await refused({ ...hello, subject: '{{nonsense}}' }, 'subject', /\{\{nonsense\}\}/);
    await refused({ ...hello, subject: ' ' }, 'subject', /subject/);
    await refused({ ...hello, body: '' }, 'body', /ours/);
    await assert.rejects(set(books, 'paid_invoice', 'paper', hello), /has no words for paper/);
  });

  test('a test goes to oneself, says that it is one, and notes nothing on the invoice', async () => {
    const { books, invoiceId } = await invoiceOfAna();
    const { to } = await books.tx((tx) =>
      testTemplate(
        tx,
        books.actor,
        {
          ...makings,
          organizationId: books.organizationId,
          type: 'new_invoice',
          channel: 'email',
          ...hello,
          to: 'me@us.example',
        },
        books.now,
      ),
    );
    assert.equal(to, 'me@us.example');
    const mail = (await mailsOf(books)).at(-1);
    assert.deepEqual([mail?.subject, mail?.kind, mail?.invoiceId], ['Test: Hello A-7', 'test', null]);
    const row = await books.tx((tx) =>
      tx.row<{ firstSentAt: Date | null }>(sql`select first_sent_at from invoices where id = ${invoiceId}`),
    );
    assert.equal(row?.firstSentAt, null);
  });

  test('without an invoice there is nothing to show the words with, and that is said', async () => {
    const books = await given.organization();
    await assert.rejects(preview(books, 'new_invoice', 'email', hello), /no invoice yet/);
  });
});

test('every message keeps to what common mail programs understand', async () => {
  const { books, customerId } = await invoiceOfAna();
  for (let n = 0; n < 60; n += 1) await given.invoice(books, customerId, 5_000n + BigInt(n));
  const templates = await all(books);
  assert.deepEqual(new Set(templates.map(({ type }) => type)), new Set(templateTypes));
  for (const { type, channel, subject, body } of templates) {
    const name = `${type} ${channel}`;
    const made = await preview(books, type, channel, { subject, body });
    assert.ok(made.text.trim() !== '', `${name} has a text part`);
    assert.doesNotMatch(`${made.subject}${made.text}`, /\{\{|undefined|null|NaN/, name);
    if (channel !== 'email') continue;
    assert.ok(Buffer.byteLength(made.html) <= 100_000, `${name}: ${Buffer.byteLength(made.html)} bytes`);
    assert.ok(made.subject.length > 0 && made.subject.length <= 120, name);
    assertHoldsInMailPrograms(made.html, name);
  }
  for (const type of templateTypes) assert.ok(channelsOfTemplate(type).includes('email'));
});

/** What Outlook on Windows, Gmail and the programs on phones keep of a mail (caniemail.com). */
function assertHoldsInMailPrograms(html: string, name: string): void {
  const body = html.slice(html.indexOf('<body'));
  assert.doesNotMatch(body, /<(script|link|style|form|input|iframe|object|svg|video|base|meta)\b/i, name);
  assert.doesNotMatch(body, /(display:\s*(flex|grid)|position:\s*(absolute|fixed)|var\(--|url\()/i, name);
  assert.ok((body.match(/<table\b/g) ?? []).length >= 2, `${name} is laid out by tables`);
  assert.doesNotMatch(body, /<div(?![^>]*display:none)[^>]*>/i, `${name} has no div for layout`);
  for (const [tag] of body.matchAll(/<(p|h1|a|td|th|span|img)\b(?![^>]*\bstyle=)[^>]*>/gi))
    assert.match(tag, /^<td>?/, `${name}: ${tag} has its style inline`);
  for (const [tag] of body.matchAll(/<img\b[^>]*>/gi)) assert.match(tag, /\salt="/, name);
  for (const [, href = ''] of body.matchAll(/href="([^"]*)"/g))
    assert.match(href, /^(https?:|mailto:|tel:)/, name);
  assert.match(html, /<html lang="/, name);
  assert.ok(!html.split('\n').some((line) => line.length > 40_000), `${name}: a line too long for SMTP`);
}
