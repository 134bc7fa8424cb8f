import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import {
  channelsOf,
  type NoticeChannel,
  type NoticeKind,
  noticeKinds,
} from '#features/notifications/notice-rules.ts';
import { Refusal } from '#lib/errors.ts';

/** Choose how somebody, a role, everyone or the organization's addresses are told of one kind of news. */
export async function chooseNotices(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; reader: string; kind: NoticeKind; channel: NoticeChannel | null },
  now: Date,
): Promise<void> {
  const { organizationId, reader, kind, channel } = input;
  const ways = reader === 'addresses' ? (['mail', 'off'] as const) : channelsOf(kind);
  if (channel !== null && !ways.some((each) => each === channel)) {
    const message = `${noticeKinds[kind].title} can be ${ways.join(' or ')} here.`;
    throw new Refusal('invalid_request', { message, param: 'channel', fields: { channel: message } });
  }
  if (reader === 'addresses') await chooseForAddresses(tx, input);
  else if (channel === null)
    await tx.run(sql`delete from notice_choices where organization_id = ${organizationId} and reader = ${reader}
      and kind = ${kind}`);
  else
    await tx.run(sql`insert into notice_choices (organization_id, reader, kind, channel)
      values (${organizationId}, ${reader}, ${kind}, ${channel})
      on conflict (organization_id, reader, kind) do update set channel = excluded.channel`);
  const data = { reader, kind, channel };
  await record(tx, { actor, organizationId, now }, [
    { type: 'organization.notices_chosen', subjectId: organizationId, data },
  ]);
}

/** Two switches of the general settings say the same of three kinds: there they are kept. */
async function chooseForAddresses(
  tx: Tx,
  input: { organizationId: string; kind: NoticeKind; channel: NoticeChannel | null },
): Promise<void> {
  const { organizationId, kind } = input;
  const channel = input.channel ?? (noticeKinds[kind].addresses ? 'mail' : 'off');
  const isOn = channel === 'mail';
  if (kind === 'payment_received' || kind === 'money_given_back')
    await tx.run(
      sql`update organizations set email_organization_receipts = ${isOn} where id = ${organizationId}`,
    );
  else if (kind === 'charge_failed')
    await tx.run(sql`update organizations set email_failed_charges = ${isOn} where id = ${organizationId}`);
  else
    await tx.run(sql`insert into notice_choices (organization_id, reader, kind, channel)
      values (${organizationId}, 'addresses', ${kind}, ${channel})
      on conflict (organization_id, reader, kind) do update set channel = excluded.channel`);
}
