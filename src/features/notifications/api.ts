import { z } from 'zod';
import { noticeChannels, noticeKindNames } from '#features/notifications/notice-rules.ts';
import { endpoint, listOf, pageQuery, zId, zInstant } from '#lib/endpoint.ts';

const zKind = z.enum(noticeKindNames);
const zChannel = z.enum(noticeChannels);
const read = ['unauthenticated', 'forbidden'] as const;
const written = [...read, 'invalid_request'] as const;

export const zNotice = z.object({
  object: z.literal('notice'),
  id: zId('notice'),
  kind: zKind,
  title: z.string(),
  detail: z.string(),
  path: z.string().meta({ description: 'The page of the console that it is about' }),
  created_at: zInstant,
  read: z.boolean(),
});

export const listNotices = endpoint({
  method: 'GET',
  path: '/v1/notices',
  summary: 'What the person who asks is told of, newest first',
  scope: 'signed_in',
  query: z.object({ ...pageQuery, unread: z.enum(['true', 'false']).default('false') }),
  reply: listOf(zNotice),
  errors: read,
});
export const countNotices = endpoint({
  method: 'GET',
  path: '/v1/notices/unread',
  summary: 'How many notices the person who asks has not read; a hundred stand for more',
  scope: 'signed_in',
  reply: z.object({ object: z.literal('unread_notices'), count: z.int().max(100) }),
  errors: read,
});
export const readNotices = endpoint({
  method: 'POST',
  path: '/v1/notices/read',
  summary: 'Mark a notice as read, or all up to one',
  scope: 'signed_in',
  body: z.strictObject({
    id: zId('notice'),
    and_older: z.boolean().default(false).meta({ description: 'All that came before it too' }),
  }),
  reply: z.object({ object: z.literal('unread_notices'), count: z.int().max(100) }),
  errors: [...written, 'not_found'],
});

export const zNoticeChoices = z.object({
  object: z.literal('notice_choices'),
  data: z.array(
    z.object({
      kind: zKind,
      own: zChannel.nullable().meta({ description: 'What this person has chosen' }),
      otherwise: zChannel.meta({ description: 'What applies without a choice of the own' }),
      mailed_as_address: z
        .boolean()
        .meta({ description: 'The address is among those of the organization that get this kind' }),
    }),
  ),
});
export const getNoticeChoices = endpoint({
  method: 'GET',
  path: '/v1/notice-choices',
  summary: 'How the person who asks is told of each kind of news that they may see',
  scope: 'signed_in',
  reply: zNoticeChoices,
  errors: read,
});
const chosen = {
  kind: zKind,
  channel: zChannel.nullable().meta({ description: 'Null: what applies anyway' }),
};
export const chooseNotice = endpoint({
  method: 'PATCH',
  path: '/v1/notice-choices',
  summary: 'Choose how to be told of one kind of news',
  scope: 'signed_in',
  body: z.strictObject(chosen),
  reply: zNoticeChoices,
  errors: written,
});

export const noticeReaders = [
  'everyone',
  'addresses',
  'superuser',
  'settings_manager',
  'receivables',
  'payments',
  'collections',
  'report_viewer',
  'dashboard',
] as const;
const zReader = z.enum(noticeReaders);
export const zNoticeDefaults = z.object({
  object: z.literal('notice_defaults'),
  data: z.array(z.object({ reader: zReader, kind: zKind, channel: zChannel, is_set: z.boolean() })),
});
export const getNoticeDefaults = endpoint({
  method: 'GET',
  path: '/v1/notice-defaults',
  summary: 'How people are told who have chosen nothing: all, by role, and the organization’s addresses',
  scope: 'settings:read',
  reply: zNoticeDefaults,
  errors: read,
});
export const setNoticeDefault = endpoint({
  method: 'PATCH',
  path: '/v1/notice-defaults',
  summary: 'Set how people are told who have chosen nothing',
  scope: 'settings:write',
  body: z.strictObject({ reader: zReader, ...chosen }),
  reply: zNoticeDefaults,
  errors: written,
});

const stop = {
  token: z.string().max(100),
  kind: z.enum(['digest', ...noticeKindNames]),
};
const zStop = z.object({
  object: z.literal('notice_stop'),
  organization_name: z.string(),
  email: z.string(),
  title: z.string(),
  stopped: z.boolean(),
});
export const getNoticeStop = endpoint({
  method: 'GET',
  path: '/v1/notice-stop',
  summary: 'What the link at the foot of a notice would stop',
  scope: 'public',
  query: z.object(stop),
  reply: zStop,
  errors: ['link_expired', 'rate_limited'],
});
export const stopNotice = endpoint({
  method: 'POST',
  path: '/v1/notice-stop',
  summary: 'Stop these mails: the news stays in the console',
  scope: 'public',
  body: z.strictObject(stop),
  reply: zStop,
  errors: ['link_expired', 'rate_limited', 'invalid_request'],
});
