import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { withoutProblems } from '#features/correspondence/rules.ts';

type Addressed = {
  channel?: string | undefined;
  isSecurity?: boolean | undefined;
  to: string[];
  cc: string[];
};

/**
 * Leave out the readers whose address is known to be no good. Here, so that no caller passes it by; mail that
 * opens an account was asked for a moment ago by whoever reads it, and goes.
 */
export async function leaveOutProblems<T extends Addressed>(
  tx: Tx,
  organizationId: string,
  messages: readonly T[],
): Promise<(T & { suppressedBy?: string | undefined })[]> {
  const isMeant = (message: T): boolean => (message.channel ?? 'email') === 'email' && !message.isSecurity;
  const emails = messages
    .filter(isMeant)
    .flatMap(({ to, cc }) => [...to, ...cc].map((email) => email.toLowerCase()));
  if (emails.length === 0) return [...messages];
  const found = await tx.rows<{ email: string }>(sql`
    select email from email_problems where organization_id = ${organizationId}
      and email = any(${[...new Set(emails)]})`);
  if (found.length === 0) return [...messages];
  const problems = new Set(found.map((row) => row.email));
  return messages.map((message) =>
    isMeant(message) ? { ...message, ...withoutProblems(message, problems) } : message,
  );
}
