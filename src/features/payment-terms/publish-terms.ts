import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { newestVersion } from '#features/payment-terms/queries.ts';
import { problemWithDay } from '#features/payment-terms/rules.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { sha256 } from '#lib/secrets.ts';

/** Publish a new version of the terms and conditions. What was accepted before stays what it was. */
export async function publishTerms(
  tx: Tx,
  actor: Actor,
  input: {
    organizationId: string;
    text: string;
    effectiveOn: CalendarDate;
    askAgain: boolean;
    today: CalendarDate;
  },
  now: Date,
): Promise<{ version: number }> {
  const { organizationId, text, effectiveOn, askAgain, today } = input;
  await tx.run(sql`select 1 from organizations where id = ${organizationId} for update`);
  const last = await newestVersion(tx, organizationId);
  const problem = problemWithDay(effectiveOn, { today, last: last?.effectiveOn });
  if (problem) throw new Refusal('invalid_request', { message: problem, param: 'effective_on' });
  if (text === (last?.text ?? ''))
    throw new Refusal('conflict', {
      message: last ? 'These are the words of the newest version already.' : 'Write the terms first.',
      param: 'text',
    });
  if (askAgain && text === '')
    throw new Refusal('invalid_request', {
      message: 'There is nothing to accept in an empty text.',
      param: 'ask_again',
    });
  const version = (last?.version ?? 0) + 1;
  await tx.run(sql`insert into payment_terms (organization_id, version, text, hash, effective_on, ask_again, created_by,
      created_at)
    values (${organizationId}, ${version}, ${text}, ${sha256(text)}, ${effectiveOn}, ${askAgain},
      ${actor.kind === 'user' ? actor.userId : null}, ${now})`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'organization.terms_published',
      subjectId: organizationId,
      data: { version, effective_on: effectiveOn, ask_again: askAgain, hash: sha256(text) },
    },
  ]);
  return { version };
}
