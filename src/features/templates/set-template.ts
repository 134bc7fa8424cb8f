import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import type { Channel } from '#features/correspondence/channel-rules.ts';
import { checkTemplate } from '#features/correspondence/merge-fields.ts';
import type { Template } from '#features/correspondence/templates.ts';
import { channelsOfTemplate, type TemplateType } from '#features/templates/rules.ts';
import { Refusal } from '#lib/errors.ts';

export type Which = { organizationId: string; type: TemplateType; channel: Channel };

/**
 * Give a message words of the organization's own. One that cannot be written is refused now, not when it
 * waits.
 */
export async function setTemplate(tx: Tx, actor: Actor, input: Which & Template, now: Date): Promise<void> {
  refuseOddChannel(input);
  refuseBadWords(input);
  const { organizationId, type, channel } = input;
  // A text message has no subject, and a line break in one is none.
  const subject = channel === 'sms' ? '' : input.subject.replace(/\s+/g, ' ').trim();
  const body = input.body.trim();
  await tx.run(
    type === 'invoice'
      ? sql`update organizations set invoice_message_subject = ${subject}, invoice_message_body = ${body}
          where id = ${organizationId}`
      : sql`insert into message_templates (organization_id, message_type, channel, subject, body, updated_at)
          values (${organizationId}, ${type}, ${channel}, ${subject}, ${body}, ${now})
          on conflict (organization_id, message_type, channel)
          do update set subject = excluded.subject, body = excluded.body, updated_at = excluded.updated_at`,
  );
  await recordChange(tx, actor, { ...input, words: 'own' }, now);
}

/** Go back to our words. */
export async function resetTemplate(tx: Tx, actor: Actor, input: Which, now: Date): Promise<void> {
  refuseOddChannel(input);
  const { organizationId, type, channel } = input;
  await tx.run(
    type === 'invoice'
      ? sql`update organizations set invoice_message_subject = null, invoice_message_body = null
          where id = ${organizationId}`
      : sql`delete from message_templates
          where organization_id = ${organizationId} and message_type = ${type} and channel = ${channel}`,
  );
  await recordChange(tx, actor, { ...input, words: 'ours' }, now);
}

export function refuseOddChannel({ type, channel }: Pick<Which, 'type' | 'channel'>): void {
  if (channelsOfTemplate(type).includes(channel)) return;
  const message = `A message of this type has no words for ${channel}: choose ${channelsOfTemplate(type).join(' or ')}.`;
  throw new Refusal('invalid_request', { message, param: 'channel', fields: { channel: message } });
}

export function refuseBadWords(input: Pick<Which, 'channel'> & Template): void {
  const fields: Record<string, string> = {};
  for (const field of ['subject', 'body'] as const) {
    const [problem] = checkTemplate(input[field]);
    if (problem) fields[field] = problem;
  }
  if (input.channel !== 'sms' && input.subject.trim() === '') fields.subject ??= 'Give it a subject.';
  if (input.body.trim() === '') fields.body ??= 'Give it some words, or go back to ours.';
  const [first] = Object.entries(fields);
  if (first) throw new Refusal('invalid_request', { message: first[1], param: first[0], fields });
}

const recordChange = (tx: Tx, actor: Actor, input: Which & { words: 'own' | 'ours' }, now: Date) =>
  record(tx, { actor, organizationId: input.organizationId, now }, [
    {
      type: 'message.template_changed',
      subjectId: input.organizationId,
      data: { message_type: input.type, channel: input.channel, words: input.words },
    },
  ]);
