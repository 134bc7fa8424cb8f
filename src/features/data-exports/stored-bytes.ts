import { type RawBuilder, sql } from 'kysely';

/** A column that holds bytes, and where in the archive each of its rows stands. */
export type Store = {
  folder: string;
  /** As the catalog names it: `table.column`. */
  holds: string;
  /** What follows `from`, with the alias t. */
  from: string;
  /** The columns of t that lead through it. */
  keys: readonly string[];
  /** Below the folder. */
  path: string;
  bytes: string;
  /** What the bytes' SHA-256 was when they came. */
  hash?: string;
  only?: string;
};

const asPicture = (column: string): string => `case ${column} when 'image/png' then '.png'
  when 'image/jpeg' then '.jpg' else '.svg' end`;

/** Every file that the organization keeps. What mails carry stands in them (message-files.ts). */
export const stores: readonly Store[] = [
  {
    folder: 'files',
    holds: 'file_bytes.bytes',
    // A file whose bytes are gone is a file that is missed.
    from: `files t left join file_bytes b on b.organization_id = t.organization_id and b.file_id = t.id`,
    keys: ['t.id'],
    path: `t.customer_id || '/' || t.file_name`,
    bytes: 'b.bytes',
    hash: 't.hash',
  },
  {
    folder: 'tickets',
    holds: 'ticket_files.bytes',
    from: 'ticket_files t',
    keys: ['t.id'],
    path: `t.ticket_id || '/' || t.file_name`,
    bytes: 't.bytes',
    hash: 't.hash',
    only: `exists (select from tickets k where k.organization_id = t.organization_id and k.id = t.ticket_id
      and k.desk <> 'host' and k.state <> 'unconfirmed')`,
  },
  {
    folder: 'replies',
    holds: 'reply_attachments.bytes',
    from: 'reply_attachments t',
    keys: ['t.reply_id', 't.file_name'],
    path: `t.reply_id || '/' || t.file_name`,
    bytes: 't.bytes',
  },
  {
    folder: 'chargebacks',
    holds: 'chargeback_files.bytes',
    from: 'chargeback_files t',
    keys: ['t.chargeback_id', 't.file_name'],
    path: `t.chargeback_id || '/' || t.file_name`,
    bytes: 't.bytes',
  },
  {
    folder: 'formal-reminders',
    holds: 'reminder_documents.file',
    from: 'reminder_documents t',
    keys: ['t.id'],
    path: `t.customer_id || '/Reminder ' || t.number || '.pdf'`,
    bytes: 't.file',
  },
  {
    folder: 'agreements',
    holds: 'authorizations.text',
    from: 'authorizations t',
    keys: ['t.id'],
    path: `t.customer_id || '/' || t.id || '.txt'`,
    bytes: `convert_to(t.text, 'UTF8')`,
    hash: 't.hash',
  },
  {
    folder: 'agreements',
    holds: 'authorizations.signature_image',
    from: 'authorizations t',
    keys: ['t.id'],
    path: `t.customer_id || '/' || t.id || ' signature.png'`,
    bytes: 't.signature_image',
    only: 't.signature_image is not null',
  },
  {
    folder: 'branding',
    holds: 'organization_logos.bytes',
    from: 'organization_logos t',
    keys: ['t.organization_id'],
    path: `'logo' || ${asPicture('t.content_type')}`,
    bytes: 't.bytes',
  },
  {
    folder: 'branding',
    holds: 'organization_icons.bytes',
    from: 'organization_icons t',
    keys: ['t.organization_id'],
    path: `'icon' || ${asPicture('t.content_type')}`,
    bytes: 't.bytes',
  },
];

/** Bytes that go along elsewhere, or stay here, and why. */
export const otherBytes: Readonly<Record<string, string>> = {
  'message_attachments.bytes': 'in the messages that they went with',
  'download_parts.bytes': 'files made to be fetched, this one among them',
  'gateway_accounts.credentials': 'a secret',
  'channel_accounts.credentials': 'a secret',
  'sending_domains.private_key': 'a secret',
  'oidc_providers.client_secret': 'a secret',
};

const within = (store: Store, organizationId: string): RawBuilder<unknown> =>
  sql`t.organization_id = ${organizationId} and ${sql.raw(store.only ?? 'true')}`;

export const countOf = (store: Store, organizationId: string): RawBuilder<{ count: number }> =>
  sql`select count(*)::int as count from ${sql.raw(store.from)} where ${within(store, organizationId)}`;

export type StoredFile = { key: string[]; path: string; hash: string | null };

/** What comes after this one; the bytes are read one at a time. */
export function filesAfter(
  store: Store,
  organizationId: string,
  page: { after: readonly string[] | undefined; limit: number },
): RawBuilder<StoredFile> {
  const keys = sql.raw(store.keys.join(', '));
  const later = page.after ? sql`and (${keys}) > (${sql.join([...page.after])})` : sql``;
  return sql<StoredFile>`select array[${sql.raw(store.keys.map((key) => `${key}::text`).join(', '))}] as key,
      ${sql.raw(store.path)} as path, ${sql.raw(store.hash ?? 'null')} as hash
    from ${sql.raw(store.from)} where ${within(store, organizationId)} ${later} order by ${keys} limit ${page.limit}`;
}

export const bytesOf = (
  store: Store,
  organizationId: string,
  key: readonly string[],
): RawBuilder<{ bytes: Buffer | null }> =>
  sql`select ${sql.raw(store.bytes)} as bytes from ${sql.raw(store.from)}
    where t.organization_id = ${organizationId}
      and (${sql.raw(store.keys.join(', '))}) = (${sql.join([...key])})`;
