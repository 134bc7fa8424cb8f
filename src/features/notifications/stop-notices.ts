import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import { systemActor } from '#db/db.ts';
import { chooseNotices } from '#features/notifications/choose-notices.ts';
import {
  channelFor,
  chosenIn,
  type NoticeKind,
  noticeKindNames,
  noticeKinds,
} from '#features/notifications/notice-rules.ts';
import { readChoices } from '#features/notifications/read-audience.ts';
import { organizationNow } from '#lib/clock.ts';
import { Refusal } from '#lib/errors.ts';

export type Stop = { token: string; kind: NoticeKind | 'digest' };
type Holder = {
  organizationId: string;
  organizationName: string;
  clockOffsetMs: bigint;
  userId: string;
  email: string;
  roles: string[];
};

/** Whose link it is: it asks for no sign-in, and can do nothing but stop mails. */
async function holderOf(tx: Tx, token: string): Promise<Holder> {
  const holder = await tx.row<Holder>(sql`
    select r.organization_id, o.name as organization_name, o.clock_offset_ms, r.user_id, u.email, ou.roles
    from notice_readers r join organizations o on o.id = r.organization_id join users u on u.id = r.user_id
    join organization_users ou on ou.organization_id = r.organization_id and ou.user_id = r.user_id
    where r.stop_token = ${token}`);
  if (!holder)
    throw new Refusal('link_expired', 'This link is not known. Sign in and open Settings, Notifications.');
  return holder;
}

const told = (holder: Holder, kind: Stop['kind'], stopped: boolean) => ({
  object: 'notice_stop' as const,
  organization_name: holder.organizationName,
  email: holder.email,
  title: kind === 'digest' ? 'Your daily mail' : noticeKinds[kind].title,
  stopped,
});

export const readStop = (db: Database, { token, kind }: Stop) =>
  db.transaction(systemActor('notice-stop'), async (tx) => told(await holderOf(tx, token), kind, false));

/** Stop the mails of a kind, or the daily one: what happens stays in the console's list. */
export async function stopNotices(db: Database, { token, kind }: Stop) {
  const holder = await db.transaction(systemActor('notice-stop'), (tx) => holderOf(tx, token));
  const { organizationId, userId, roles } = holder;
  const actor: Actor = { kind: 'user', organizationId, userId, roles };
  await db.transaction(actor, async (tx) => {
    const chosen = chosenIn(await readChoices(tx, organizationId));
    const gathered = noticeKindNames.filter(
      (each) => channelFor(each, { userId, roles }, chosen) === 'digest',
    );
    const kinds = kind === 'digest' ? [...gathered, 'daily_summary' as const] : [kind];
    for (const each of kinds) {
      const channel = each === 'daily_summary' ? 'off' : 'console';
      const choice = { organizationId, reader: userId, kind: each, channel } as const;
      await chooseNotices(tx, actor, choice, organizationNow(holder));
    }
  });
  return told(holder, kind, true);
}
