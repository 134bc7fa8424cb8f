import { sql } from 'kysely';
import type { z } from 'zod';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { checkTemplate } from '#features/correspondence/merge-fields.ts';
import type { updateOrganization as endpoint } from '#features/organizations/api.ts';
import { snake } from '#lib/casing.ts';
import { must, Refusal } from '#lib/errors.ts';

type Changes = z.output<(typeof endpoint)['body']>;

/** Change settings. Currency and mode are not among them: money already booked cannot change its kind. */
export async function updateOrganization(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; changes: Changes },
  now: Date,
): Promise<void> {
  const entries = Object.entries(input.changes).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return;
  refuseBadTemplates(input.changes);
  const assignments = entries.map(([column, value]) => {
    const plain = column === 'address' ? JSON.stringify(value) : value;
    return sql`${sql.ref(column)} = ${plain}`;
  });
  const columns = entries.map(([column]) => column);
  const was = must(
    await tx.row<Record<string, unknown>>(sql`
      select ${sql.join(columns.map((column) => sql.ref(column)))} from organizations
      where id = ${input.organizationId} for update`),
    'the organization',
  );
  refuseTakenNumbers(input.changes, was);
  await tx.run(sql`update organizations set ${sql.join(assignments)} where id = ${input.organizationId}`);
  await record(tx, { actor, organizationId: input.organizationId, now }, [
    {
      type: 'organization.updated',
      subjectId: input.organizationId,
      data: { changes: columns, before: snake(was), after: Object.fromEntries(entries) },
    },
  ]);
}

/** The numbers below the next one are taken, or were. */
function refuseTakenNumbers(changes: Changes, was: Record<string, unknown>): void {
  for (const field of ['next_estimate_number', 'next_credit_memo_number'] as const) {
    const next = changes[field];
    const before = snake(was)[field];
    if (next !== undefined && typeof before === 'bigint' && BigInt(next) < before)
      throw new Refusal('invalid_request', {
        message: `The numbers before ${before} are taken. Give ${before} or more.`,
        param: field,
      });
  }
}

/** A mail that cannot be written is refused when its words are saved, not when an invoice waits for it. */
function refuseBadTemplates(changes: Changes): void {
  const fields: Record<string, string> = {};
  for (const field of ['invoice_message_subject', 'invoice_message_body'] as const) {
    const [problem] = checkTemplate(changes[field] ?? '');
    if (problem) fields[field] = problem;
  }
  const [first] = Object.entries(fields);
  if (first) throw new Refusal('invalid_request', { message: first[1], param: first[0], fields });
}
