import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { refuseTaken } from '#db/refuse-taken.ts';
import type { Terms } from '#features/terms/rules.ts';
import { snake } from '#lib/casing.ts';
import { must, notFound, Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

export type TermsRow = Terms & { id: string; name: string };

const columns = sql.raw('id, name, days, counted_from');
const most = 100;
const taken = {
  invoice_terms_name: { message: 'There are terms of this name already. Give them another.', param: 'name' },
};

export const listTerms = (tx: Tx, organizationId: string): Promise<TermsRow[]> =>
  tx.rows<TermsRow>(sql`select ${columns} from invoice_terms where organization_id = ${organizationId}
    order by counted_from desc, days, name limit ${most}`);

export async function readTerms(tx: Tx, organizationId: string, id: string): Promise<TermsRow> {
  const row = await tx.row<TermsRow>(sql`select ${columns} from invoice_terms
    where organization_id = ${organizationId} and id = ${id}`);
  if (!row) throw notFound('terms', id);
  return row;
}

/** Add terms to the list that invoices choose from. */
export async function addTerms(
  tx: Tx,
  actor: Actor,
  { organizationId, terms }: { organizationId: string; terms: Omit<TermsRow, 'id'> },
  now: Date,
): Promise<TermsRow> {
  const { name, days, countedFrom } = terms;
  const count = await tx.row<{ n: number }>(sql`select count(*)::int as n from invoice_terms
    where organization_id = ${organizationId}`);
  if ((count?.n ?? 0) >= most)
    throw new Refusal('conflict', { message: `There are ${most} already. Remove one first.`, param: 'name' });
  const row = await refuseTaken(taken, () =>
    tx.row<TermsRow>(sql`insert into invoice_terms (organization_id, id, name, days, counted_from, created_at)
      values (${organizationId}, ${newId('invoiceTerms')}, ${name}, ${days}, ${countedFrom}, ${now}) returning ${columns}`),
  );
  const added = must(row, 'the new terms');
  await record(tx, { actor, organizationId, now }, [
    { type: 'invoice_terms.added', subjectId: added.id, data: snake(terms) },
  ]);
  return added;
}

/** Take terms off the list. Invoices that say them keep them. */
export async function removeTerms(
  tx: Tx,
  actor: Actor,
  { organizationId, termsId }: { organizationId: string; termsId: string },
  now: Date,
): Promise<TermsRow> {
  const row = await tx.row<TermsRow>(sql`delete from invoice_terms where organization_id = ${organizationId}
    and id = ${termsId} returning ${columns}`);
  if (!row) throw notFound('terms', termsId);
  const { id, ...data } = row;
  await record(tx, { actor, organizationId, now }, [
    { type: 'invoice_terms.removed', subjectId: id, data: snake(data) },
  ]);
  return row;
}
