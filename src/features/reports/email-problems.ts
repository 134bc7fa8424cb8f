import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { freeAddresses } from '#features/correspondence/free-addresses.ts';
import { snake } from '#lib/casing.ts';
import { notFound } from '#lib/errors.ts';

type One = { organizationId: string; customerId: string };
type Problem = {
  email: string;
  kind: 'hard_bounce' | 'complaint' | 'stopped';
  reason: string;
  messageId: string | null;
  since: Date;
};

/** Which addresses of a customer are not written to. */
export async function listEmailProblems(tx: Tx, { organizationId, customerId }: One) {
  const row = await tx.row<{ emails: string[] }>(sql`
    select array(select lower(e) from unnest(email || cc_emails) e where e is not null) as emails from customers
    where organization_id = ${organizationId} and id = ${customerId}`);
  if (!row) throw notFound('customer', customerId);
  const problems = await tx.rows<Problem>(sql`
    select email, kind, reason, message_id, since from email_problems
    where organization_id = ${organizationId} and email = any(${row.emails}) order by email`);
  const data = problems.map((each) => ({ object: 'email_problem' as const, ...snake(each) }));
  return { object: 'list' as const, data, has_more: false as const };
}

/** Write again to an address that mail came back from: somebody says that it works. */
export async function tryEmailAgain(
  tx: Tx,
  actor: Actor,
  input: One & { email: string },
  now: Date,
): Promise<void> {
  const { organizationId, customerId } = input;
  const email = input.email.toLowerCase();
  const { data } = await listEmailProblems(tx, input);
  const problem = data.find((each) => each.email === email);
  if (!problem) return;
  await freeAddresses(tx, organizationId, [email]);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'customer.email_tried_again',
      subjectId: customerId,
      customerId,
      data: { email, was: problem.kind },
    },
  ]);
}
