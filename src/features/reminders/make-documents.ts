import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import type { Attachment } from '#features/correspondence/mailer.ts';
import {
  addresseeOf,
  readBuyer,
  readSeller,
  type Seller,
  sheetOf,
} from '#features/invoices/document-of-invoice.ts';
import type { ReminderDocument } from '#features/invoices/pdf/document.ts';
import { reminderPdf } from '#features/invoices/pdf/reminder-pdf.ts';
import { formalWords, levelAfter } from '#features/reminders/document-rules.ts';
import type { DayPlan } from '#features/reminders/plan-day.ts';
import type { Letter } from '#features/reminders/send-reminders.ts';
import { daysBetween } from '#lib/dates.ts';
import { newId } from '#lib/ids.ts';
import { sum } from '#lib/money.ts';

export type MadeDocument = { id: string; attachment: Attachment };

/**
 * The formal reminders among these letters, each numbered, set and kept: an answer for each letter, empty where it
 * is an ordinary one. Numbers are taken in the transaction that sends, so that none is ever missing.
 */
export async function makeDocuments(
  tx: Tx,
  actor: Actor,
  { plan, letters }: { plan: DayPlan; letters: readonly Letter[] },
  now: Date,
): Promise<(MadeDocument | undefined)[]> {
  const formal = letters.filter(({ leading }) => leading.decision.occurrence.step.isFormal);
  if (formal.length === 0) return letters.map(() => undefined);
  const { organizationId } = plan;
  const seller = await readSeller(tx, organizationId);
  const first = await takeNumbers(tx, organizationId, formal.length);
  const made = new Map<Letter, MadeDocument>();
  for (const [at, letter] of formal.entries()) {
    const number = first + BigInt(at);
    const document = await documentOf(tx, { plan, seller, letter, number, now });
    const bytes = await reminderPdf(document);
    made.set(letter, {
      id: newId('reminderDocument'),
      attachment: { fileName: `Reminder ${number}.pdf`, contentType: 'application/pdf', bytes },
    });
    await keep(tx, actor, { plan, letter, document, made: made.get(letter) as MadeDocument, number }, now);
  }
  return letters.map((letter) => made.get(letter));
}

async function takeNumbers(tx: Tx, organizationId: string, count: number): Promise<bigint> {
  const row = await tx.row<{ nextNumber: bigint }>(sql`
    insert into reminder_numbers (organization_id, next_number) values (${organizationId}, ${1 + count})
    on conflict (organization_id) do update set next_number = reminder_numbers.next_number + ${count}
    returning next_number`);
  return (row?.nextNumber ?? 1n) - BigInt(count);
}

type Facts = { plan: DayPlan; seller: Seller; letter: Letter; number: bigint; now: Date };
type Listed = {
  id: string;
  number: string;
  invoiceDate: string;
  dueDate: string;
  currency: string;
  total: bigint;
  balanceDue: bigint;
  level: number | null;
};

/** What is past due stands in it; what the message names besides does not. */
async function documentOf(tx: Tx, { plan, seller, letter, number, now }: Facts): Promise<ReminderDocument> {
  const { organizationId, today } = plan;
  const ids = [...letter.due, ...letter.covers].map(({ invoice }) => invoice.id);
  const rows = await tx.rows<Listed>(sql`
    select i.id, i.number, i.invoice_date, i.due_date, i.currency, i.total + i.fees as total,
      i.balance_due - i.reserved as balance_due,
      (select max(d.level) from reminders r join reminder_documents d
        on d.organization_id = r.organization_id and d.id = r.document_id
        where r.organization_id = i.organization_id and r.invoice_id = i.id) as level
    from invoices i where i.organization_id = ${organizationId} and i.id = any(${ids}) and i.due_date < ${today}
    order by i.due_date, i.id`);
  const { customerId, currency } = letter.leading.invoice;
  const buyer = await readBuyer(tx, organizationId, customerId);
  const money = (amount: bigint) => ({ amount, currency });
  const level = levelAfter(rows.map((row) => row.level));
  return {
    ...sheetOf(seller),
    ...{ number: String(number), currency, createdAt: now, level, madeOn: today },
    customer: addresseeOf(buyer, seller.address.country),
    words: formalWords(level, seller.name),
    invoices: rows.map((row) => ({
      ...{ number: row.number, invoiceDate: row.invoiceDate, dueDate: row.dueDate },
      daysLate: daysBetween(row.dueDate, today),
      total: money(row.total),
      balanceDue: money(row.balanceDue),
    })),
    balanceDue: money(sum(rows.map((row) => row.balanceDue))),
    ...(seller.invoiceFooter ? { footer: seller.invoiceFooter } : {}),
  };
}

type ToKeep = {
  plan: DayPlan;
  letter: Letter;
  document: ReminderDocument;
  made: MadeDocument;
  number: bigint;
};

async function keep(tx: Tx, actor: Actor, { plan, letter, document, made, number }: ToKeep, now: Date) {
  const { organizationId, today } = plan;
  const { customerId } = letter.leading.invoice;
  await tx.run(sql`
    insert into reminder_documents (organization_id, id, customer_id, number, level, made_on, amount, file, created_at)
    values (${organizationId}, ${made.id}, ${customerId}, ${number}, ${document.level}, ${today},
      ${document.balanceDue.amount}, ${made.attachment.bytes}, ${now})`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'reminder.document_made',
      subjectId: made.id,
      customerId,
      data: {
        number: Number(number),
        level: document.level,
        invoice_ids: letter.due.map(({ invoice }) => invoice.id),
      },
    },
  ]);
}
