import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { type FirstStep, firstSteps } from '#features/dashboard/rules.ts';
import { must } from '#lib/errors.ts';

/**
 * Whether an organization has a row of a large table. In the order of the key, since a plan made for any
 * organization would rather read the table from its start, past the millions of another.
 */
const hasAny = (table: 'customers' | 'invoices' | 'payments', id: string): RawBuilder<boolean> =>
  sql`(select true from ${sql.table(table)} where organization_id = ${id} order by organization_id, id limit 1) is not null`;

/** Somebody once saved one of these settings of the organization. */
const saved = (organizationId: string, setting: string): RawBuilder<boolean> =>
  sql`exists (select from events e, jsonb_array_elements_text(e.data -> 'changes') c(setting)
    where e.organization_id = ${organizationId} and e.subject_id = ${organizationId}
      and e.type = 'organization.updated' and c.setting ~ ${setting})`;

/** What shows that a step is done. Nobody ticks one: it is what the organization's rows say. */
const proofs = (id: string): Record<FirstStep, RawBuilder<unknown>> => ({
  profile: sql`exists (select from organizations where id = ${id} and address ? 'line1' and email is not null)`,
  logo: sql`exists (select from organization_logos where organization_id = ${id})`,
  sender: sql`exists (select from organizations where id = ${id} and reply_to is not null)
    or exists (select from sending_domains where organization_id = ${id} and verified_at is not null)`,
  gateway: sql`exists (select from gateway_accounts where organization_id = ${id} and disconnected_at is null)`,
  customer_defaults: sql`exists (select from customer_type_defaults where organization_id = ${id})
    or ${saved(id, '^default')}`,
  invoice_defaults: saved(id, '^(terms_days|invoice_.*|attach_invoice_pdf|allow_partial_payments)$'),
  customers: hasAny('customers', id),
  // The policy that everybody starts with has been read and saved, or one of their own stands beside it.
  reminders: sql`exists (select from dunning_policies where organization_id = ${id}
    and (updated_at > created_at or not is_default))`,
  test_invoice: sql`exists (select from staff_customers() s(id) cross join lateral (select from messages m
    where m.organization_id = ${id} and m.customer_id = s.id and m.invoice_id is not null and m.sent_at is not null limit 1) m)`,
  go_live: sql`exists (select from organizations where id = ${id} and automatic_messages_since is not null)`,
});

export async function readFirstSteps(tx: Tx, organizationId: string) {
  const proof = proofs(organizationId);
  const facts = must(
    await tx.row<{ done: boolean[]; skipped: string[]; isNew: boolean }>(sql`select
      array[${sql.join(firstSteps.map((step) => sql`(${proof[step]})`))}] as done,
      array(select step from skipped_steps where organization_id = ${organizationId}) as skipped,
      not ${hasAny('invoices', organizationId)} and not ${hasAny('payments', organizationId)}
        and not ${hasAny('customers', organizationId)} as is_new`),
    'the first steps',
  );
  return {
    object: 'first_steps' as const,
    is_new: facts.isNew,
    dismissed: facts.skipped.includes('all'),
    steps: firstSteps.map((key, at) => ({
      key,
      done: facts.done[at] ?? false,
      skipped: facts.skipped.includes(key),
    })),
  };
}
