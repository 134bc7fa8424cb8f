import type { Actor, Database, Tx } from '#db/db.ts';
import type { LocalDay } from '#features/days/work-day.ts';
import type { MailMakings } from '#features/invoices/send-invoices.ts';
import {
  lockCandidates,
  type Place,
  readMessengerSettings,
  readUnsent,
} from '#features/messenger/read-candidates.ts';
import { isLive, whyNotNewInvoice } from '#features/messenger/rules.ts';
import { tellCustomers } from '#features/messenger/tell-customers.ts';
import { dateIn } from '#lib/dates.ts';

export type MessengerDeps = MailMakings & { db: Database };

const perBatch = 200;

/** Send those of these invoices whose time has come: once for ever. Answers the count of new messages. */
export async function sendNewInvoices(
  tx: Tx,
  actor: Actor,
  input: MailMakings & { organizationId: string; invoiceIds: readonly string[] },
  now: Date,
): Promise<number> {
  const { organizationId } = input;
  const rule = await readMessengerSettings(tx, organizationId);
  if (!isLive(rule, now) || rule.newInvoiceWhen === 'never') return 0;
  const today = dateIn(rule.timeZone, now);
  const invoices = await lockCandidates(tx, organizationId, input.invoiceIds, today);
  const told = await tellCustomers(
    tx,
    actor,
    {
      ...input,
      tells: invoices
        .filter((invoice) => whyNotNewInvoice({ rule, invoice, today, now }) === undefined)
        .map(({ id, customerId }) => ({
          type: 'new_invoice',
          customerId,
          invoiceIds: [id],
          key: `new_invoice:${id}`,
        })),
    },
    now,
  );
  return told.flatMap(({ messages }) => messages.filter(({ isNew }) => isNew)).length;
}

/** The part of a day that sends new invoices: a batch at a time, so that memory stays as it is. */
export async function workNewInvoices(
  deps: MessengerDeps,
  { organizationId, today, now }: LocalDay,
): Promise<void> {
  const { db, secrets, outbox } = deps;
  const actor: Actor = { kind: 'job', organizationId, name: 'new-invoices' };
  let after: Place | undefined;
  do {
    const page = await db.transaction(actor, async (tx) => {
      const rule = await readMessengerSettings(tx, organizationId);
      if (!isLive(rule, now) || rule.newInvoiceWhen === 'never') return [];
      const rows = await readUnsent(tx, organizationId, {
        after,
        since: rule.newInvoicesSince,
        limit: perBatch,
        today,
      });
      const invoiceIds = rows
        .filter((invoice) => whyNotNewInvoice({ rule, invoice, today, now }) === undefined)
        .map(({ id }) => id);
      // Decided again under lock: another may have sent one of them in between.
      await sendNewInvoices(tx, actor, { secrets, outbox, organizationId, invoiceIds }, now);
      return rows;
    });
    const last = page.length === perBatch ? page.at(-1) : undefined;
    after = last?.issuedAt ? { issuedAt: last.issuedAt, id: last.id } : undefined;
  } while (after);
}
