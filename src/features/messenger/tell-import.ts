import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { type MessengerDeps, sendNewInvoices } from '#features/messenger/send-new-invoices.ts';
import { tellPaid, tellRevised } from '#features/messenger/tell-changes.ts';
import { organizationNow } from '#lib/clock.ts';
import { must } from '#lib/errors.ts';

const perBatch = 100;

type Change = { lineNo: bigint; invoiceId: string; changedAt: Date; isKnown: boolean };

/**
 * An import is quiet while it runs. Once all of it is there, customers are told: of new invoices by the rule,
 * of those they were sent before that say something else now or are paid. A second run tells nothing twice.
 */
export async function tellImport(
  deps: MessengerDeps,
  { organizationId, batchId }: { organizationId: string; batchId: string },
): Promise<void> {
  const { db, secrets, outbox } = deps;
  const actor: Actor = { kind: 'job', organizationId, name: 'tell-import' };
  let after: bigint | undefined = 0n;
  while (after !== undefined) {
    const from: bigint = after;
    after = await db.transaction(actor, async (tx) => {
      const changes = await readChanges(tx, organizationId, { batchId, after: from });
      const now = await readNow(tx, organizationId);
      const makings = { secrets, outbox, organizationId };
      const invoiceIds = changes.map(({ invoiceId }) => invoiceId);
      for (const news of await readNews(tx, organizationId, changes)) {
        const tell = news.type === 'invoice.paid' ? tellPaid : tellRevised;
        await tell(tx, actor, { ...makings, ...news }, now);
      }
      await sendNewInvoices(tx, actor, { ...makings, invoiceIds }, now);
      return changes.length === perBatch ? changes.at(-1)?.lineNo : undefined;
    });
  }
}

const readChanges = (
  tx: Tx,
  organizationId: string,
  page: { batchId: string; after: bigint },
): Promise<Change[]> =>
  tx.rows<Change>(sql`
    select c.line_no, c.target_id as invoice_id, c.changed_at, c.before is not null as is_known
    from import_changes c join import_batches b on b.organization_id = c.organization_id and b.id = c.batch_id
    where c.organization_id = ${organizationId} and c.batch_id = ${page.batchId} and b.kind = 'invoices'
      and b.state = 'imported' and c.line_no > ${page.after}
    order by c.line_no limit ${perBatch}`);

/** What the import did to invoices that their customers had been sent. */
async function readNews(
  tx: Tx,
  organizationId: string,
  changes: readonly Change[],
): Promise<{ eventId: string; invoiceId: string; type: string }[]> {
  const known = changes.filter(({ isKnown }) => isKnown);
  if (known.length === 0) return [];
  return tx.rows(sql`
    select e.id as event_id, e.subject_id as invoice_id, e.type
    from unnest(${known.map(({ invoiceId }) => invoiceId)}::text[],
      ${known.map(({ changedAt }) => changedAt)}::timestamptz[]) as c(invoice_id, changed_at)
    join events e on e.organization_id = ${organizationId} and e.subject_id = c.invoice_id
      and e.occurred_at = c.changed_at and e.type in ('invoice.revised', 'invoice.paid')
    join invoices i on i.organization_id = ${organizationId} and i.id = c.invoice_id and i.first_sent_at is not null
    order by e.id`);
}

async function readNow(tx: Tx, organizationId: string): Promise<Date> {
  const organization = await tx.row<{ clockOffsetMs: bigint }>(
    sql`select clock_offset_ms from organizations where id = ${organizationId}`,
  );
  return organizationNow(must(organization, 'the organization'));
}
