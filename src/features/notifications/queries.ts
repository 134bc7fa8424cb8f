import type { Tx } from '#db/db.ts';
import { noticeReaders } from '#features/notifications/api.ts';
import type { Looker } from '#features/notifications/list-notices.ts';
import {
  addressesGet,
  channelsOf,
  chosenIn,
  defaultChannel,
  type NoticeChannel,
  type NoticeKind,
  noticeKindNames,
  noticeKinds,
} from '#features/notifications/notice-rules.ts';
import { readAudience, readChoices } from '#features/notifications/read-audience.ts';
import { scopesOfRoles } from '#lib/roles.ts';

/** How somebody is told: only of what they may see. */
export async function readOwnChoices(tx: Tx, looker: Looker) {
  const { readers, list, chosen } = await readAudience(tx, looker.organizationId);
  const email = readers.find(({ userId }) => userId === looker.userId)?.email.toLowerCase();
  const isListed = list.notifyEmails.some((each) => each.toLowerCase() === email);
  return {
    object: 'notice_choices' as const,
    data: noticeKindNames
      .filter((kind) => looker.scopes.has(noticeKinds[kind].scope))
      .map((kind) => ({
        kind,
        own: chosen(looker.userId, kind) ?? null,
        otherwise: defaultChannel(kind, looker.roles, chosen),
        mailed_as_address: isListed && addressesGet(kind, list, chosen),
      })),
  };
}

type Default = {
  reader: (typeof noticeReaders)[number];
  kind: NoticeKind;
  channel: NoticeChannel;
  is_set: boolean;
};

/** What applies to those who chose nothing; a role has no line for what it may not see. */
export async function readDefaults(tx: Tx, organizationId: string) {
  const { list } = await readAudience(tx, organizationId);
  const chosen = chosenIn(await readChoices(tx, organizationId));
  const data = noticeReaders.flatMap((reader) =>
    noticeKindNames.flatMap((kind): Default[] => {
      if (reader === 'addresses') {
        if (channelsOf(kind).length === 2) return [];
        const channel = addressesGet(kind, list, chosen) ? ('mail' as const) : ('off' as const);
        return [{ reader, kind, channel, is_set: chosen(reader, kind) !== undefined }];
      }
      const roles = reader === 'everyone' ? [] : [reader];
      if (roles.length > 0 && !scopesOfRoles(roles).has(noticeKinds[kind].scope)) return [];
      const is_set = chosen(reader, kind) !== undefined;
      return [{ reader, kind, channel: defaultChannel(kind, roles, chosen), is_set }];
    }),
  );
  return { object: 'notice_defaults' as const, data };
}
