import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import {
  type MessengerDeps,
  sendNewInvoices,
  workNewInvoices,
} from '#features/messenger/send-new-invoices.ts';
import { workStatements } from '#features/messenger/send-statements.ts';
import { type InvoiceNews, tellFunded, tellPaid, tellRevised } from '#features/messenger/tell-changes.ts';
import { tellImport } from '#features/messenger/tell-import.ts';
import { organizationNow } from '#lib/clock.ts';
import { dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

type Reaction = { organizationId: string; eventId: string; subjectId: string };

/** What the worker does when an invoice is issued, revised or paid, and when the rule has changed. */
export function messengerJobs(deps: MessengerDeps) {
  const { db, secrets, outbox } = deps;
  const react =
    (name: string, command: (tx: Tx, actor: Actor, input: InvoiceNews, now: Date) => Promise<unknown>) =>
    ({ organizationId, eventId, subjectId }: Reaction): Promise<void> => {
      const actor: Actor = { kind: 'job', organizationId, name };
      return db.transaction(actor, async (tx) => {
        const { now } = await readClock(tx, organizationId);
        const news = { secrets, outbox, organizationId, eventId, invoiceId: subjectId };
        await command(tx, actor, news, now);
      });
    };
  return {
    'send-new-invoice': react('send-new-invoice', (tx, actor, { invoiceId, ...input }, now) =>
      sendNewInvoices(tx, actor, { ...input, invoiceIds: [invoiceId] }, now),
    ),
    'tell-revised': react('tell-revised', tellRevised),
    'tell-paid': react('tell-paid', tellPaid),
    'tell-funded': react('tell-funded', (tx, actor, { invoiceId, ...input }, now) =>
      tellFunded(tx, actor, { ...input, paymentId: invoiceId }, now),
    ),
    'tell-import': ({ organizationId, subjectId }: Reaction) =>
      tellImport(deps, { organizationId, batchId: subjectId }),
    'work-messenger': (payload: { organizationId: string }) => workMessenger(deps, payload.organizationId),
  };
}

/** All that is due by now, without waiting for the day's work; nothing goes twice. */
async function workMessenger(deps: MessengerDeps, organizationId: string): Promise<void> {
  const actor: Actor = { kind: 'job', organizationId, name: 'work-messenger' };
  const day = await deps.db.transaction(actor, (tx) => readClock(tx, organizationId));
  await workNewInvoices(deps, { ...day, organizationId });
  await workStatements(deps, { ...day, organizationId });
}

async function readClock(tx: Tx, organizationId: string): Promise<{ now: Date; today: string }> {
  const organization = must(
    await tx.row<{ clockOffsetMs: bigint; timeZone: string }>(
      sql`select clock_offset_ms, time_zone from organizations where id = ${organizationId}`,
    ),
    'the organization',
  );
  const now = organizationNow(organization);
  return { now, today: dateIn(organization.timeZone, now) };
}
