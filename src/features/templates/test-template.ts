import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { queueMessages } from '#features/correspondence/queue-messages.ts';
import { type Draft, previewTemplate } from '#features/templates/preview-template.ts';
import { must, Refusal } from '#lib/errors.ts';

/** Send the message to oneself: it says that it is a test, and nothing of the invoice is noted as sent. */
export async function testTemplate(
  tx: Tx,
  actor: Actor,
  input: Draft & { to?: string | undefined },
  now: Date,
): Promise<{ messageId: string; to: string }> {
  const to = input.to ?? (await ownAddress(tx, actor));
  if (!to)
    throw new Refusal('invalid_request', { message: 'Say in "to" where the test should go.', param: 'to' });
  const made = await previewTemplate(tx, input, now);
  const isMail = input.channel === 'email';
  const [queued] = await queueMessages(
    tx,
    actor,
    {
      organizationId: input.organizationId,
      outbox: input.outbox,
      messages: [
        {
          kind: 'test',
          to: [to],
          subject: `Test: ${made.subject || 'text message'}`,
          // The words of a letter or a text message come as a mail of plain words.
          html: isMail ? made.html : '',
          text: made.text,
        },
      ],
    },
    now,
  );
  return { messageId: must(queued, 'the message').messageId, to };
}

async function ownAddress(tx: Tx, actor: Actor): Promise<string | undefined> {
  if (actor.kind !== 'user') return undefined;
  const row = await tx.row<{ email: string }>(sql`select email from users where id = ${actor.userId}`);
  return row?.email;
}
