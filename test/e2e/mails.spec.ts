import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from 'kysely';
import { recordReply } from '#features/replies/record-reply.ts';
import { previewTemplate } from '#features/templates/preview-template.ts';
import { readAllTemplates } from '#features/templates/queries.ts';
import { browser, closeBrowser } from '../support/browser.ts';
import { given } from '../support/given.ts';
import { invoiceOfAna, mailsOf, makings, outbox, queueMail, setOrganization } from '../support/mails.ts';
import { desk, look, phone, wcag } from '../support/page-audit.ts';

after(closeBrowser);

type Mail = { name: string; html: string };

/** Each type of message, short and long, as it is read. */
async function allMails(): Promise<Mail[]> {
  const { books, customerId } = await invoiceOfAna();
  const { organizationId } = books;
  await setOrganization(
    books,
    sql`phone = '+1 512 555 0100', website = 'https://fern.example', email = 'hello@fern.example',
    address = '{"line1": "12 Mill Lane", "city": "Austin", "region": "TX", "postal_code": "78701", "country": "US"}'`,
  );
  await given.invoice(books, customerId, 99_999_999n, {
    number: 'A-8',
    poNumber: 'PO-2026-000118',
    invoiceDate: '2026-01-15',
    dueDate: '2026-02-01',
  });
  const mails: Mail[] = [];
  for (const { type, channel, subject, body } of await books.tx((tx) =>
    readAllTemplates(tx, organizationId),
  )) {
    if (channel !== 'email') continue;
    const input = { ...makings, organizationId, type, channel, subject, body };
    const { html } = await books.tx((tx) => previewTemplate(tx, input, books.now));
    mails.push({ name: `mail-${type}`, html });
  }
  const { messageId } = await queueMail(books, { customerId, subject: 'Invoice A-7' });
  const mail = {
    from: { name: 'Ana Field', address: 'ana@example.com' },
    subject: 'Re: Invoice A-7',
    mailKey: '<1@x>',
    text: 'We pay on Friday.\n\nAna',
    html: undefined,
    attachments: [],
  };
  await books.tx((tx) =>
    recordReply(tx, books.actor, { organizationId, messageId, outbox, mail }, books.now),
  );
  const copy = (await mailsOf(books)).find(({ kind }) => kind === 'reply_copy');
  if (copy) mails.push({ name: 'mail-reply_copy', html: copy.html });
  return mails;
}

test('every mail reads well at a desk and on a phone, by day and by night', async () => {
  const mails = await allMails();
  assert.equal(mails.length, 10);
  const page = await (await browser()).newPage();
  const found: string[] = [];
  for (const { name, html } of mails) {
    await page.setViewportSize(desk);
    await page.setContent(html);
    for (const scheme of ['light', 'dark'] as const)
      for (const size of [desk, phone])
        for (const fault of await look(page, name, { scheme, size, ask: { tags: wcag } }))
          found.push(`${name} ${fault}`);
  }
  assert.deepEqual(found, []);
});
