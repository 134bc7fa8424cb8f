import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { judgeBytes } from '#features/files/check-file.ts';
import { type Desk, ticketFileLimits, withoutCards } from '#features/support/rules.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { sha256 } from '#lib/secrets.ts';

export type NewFile = { fileName: string; bytes: Buffer };
export type KeptFile = NewFile & { contentType: string };

/** Who writes: shown as it was at that moment. */
export type Author = { name: string; email?: string | undefined; userId?: string; portalUserId?: string };
export type Way = 'console' | 'portal' | 'link' | 'mail' | 'system';

export type NewPost = {
  ticketId: string;
  desk: Desk;
  kind: 'words' | 'note' | 'change';
  side: 'asker' | 'desk' | 'system';
  way: Way;
  author: Author;
  words: string;
  quoted?: string | undefined;
  mailKey?: string | undefined;
  leftOut?: readonly string[];
  files?: readonly KeptFile[];
};

const storable = (text: string): string => text.toWellFormed().replaceAll('\u0000', '');
const longest = 100_000;

/** One thing said on a ticket, without card numbers. Undefined: this very mail is there already. */
export async function writePost(
  tx: Tx,
  organizationId: string,
  post: NewPost,
  now: Date,
): Promise<string | undefined> {
  const id = newId('ticketPost');
  const { author } = post;
  const words = withoutCards(storable(post.words)).slice(0, longest);
  const quoted = withoutCards(storable(post.quoted ?? '')).slice(0, longest);
  const made = await tx.run(sql`
    insert into ticket_posts (organization_id, id, ticket_id, desk, kind, side, way, user_id, portal_user_id, author_name,
      author_email, words, quoted, mail_key, left_out, created_at)
    values (${organizationId}, ${id}, ${post.ticketId}, ${post.desk}, ${post.kind}, ${post.side}, ${post.way},
      ${author.userId ?? null}, ${author.portalUserId ?? null}, ${storable(author.name).slice(0, 200)},
      ${author.email?.slice(0, 254) ?? null}, ${words}, ${quoted}, ${post.mailKey ?? null},
      ${post.leftOut ?? []}, ${now})
    on conflict (organization_id, ticket_id, mail_key) where mail_key is not null do nothing`);
  if (made === 0) return undefined;
  for (const { fileName, contentType, bytes } of post.files ?? [])
    await tx.run(sql`
      insert into ticket_files (organization_id, id, ticket_id, post_id, file_name, content_type, size_bytes, hash, bytes,
        created_at)
      values (${organizationId}, ${newId('ticketFile')}, ${post.ticketId}, ${id}, ${fileName}, ${contentType},
        ${bytes.length}, ${sha256(bytes)}, ${bytes}, ${now})`);
  return id;
}

/** Files that a person chose: all of them fit, or the one that does not is named. */
export function checkFiles(files: readonly NewFile[]): KeptFile[] {
  const refuse = (message: string): never => {
    throw new Refusal('invalid_request', { message, param: 'files' });
  };
  const { files: most, all_bytes } = ticketFileLimits;
  if (files.length > most) refuse(`At most ${most} files. Leave some out, or put them into one ZIP.`);
  if (files.reduce((sum, { bytes }) => sum + bytes.length, 0) > all_bytes)
    refuse('The files are larger than 10 MB together. Leave some out or make them smaller.');
  return plainly(files).map((file) => {
    const verdict = judgeBytes(file.fileName, file.bytes);
    return verdict.ok ? { ...file, contentType: verdict.type } : refuse(verdict.reason);
  });
}

/** Files that came with a mail: those that may be kept, and the names of the others. */
export function sortFiles(files: readonly NewFile[]): { kept: KeptFile[]; leftOut: string[] } {
  const kept: KeptFile[] = [];
  const leftOut: string[] = [];
  let sum = 0;
  for (const file of plainly(files)) {
    const verdict = judgeBytes(file.fileName, file.bytes);
    const fits =
      kept.length < ticketFileLimits.files && sum + file.bytes.length <= ticketFileLimits.all_bytes;
    if (verdict.ok && fits) {
      kept.push({ ...file, contentType: verdict.type });
      sum += file.bytes.length;
    } else leftOut.push(file.fileName);
  }
  return { kept, leftOut: leftOut.slice(0, 50) };
}

/** Plain names, each its own. */
function plainly(files: readonly NewFile[]): NewFile[] {
  const names = new Set<string>();
  return files.map(({ fileName, bytes }) => {
    const plain = judgeBytes(fileName, bytes).fileName;
    let name = plain;
    for (let n = 2; names.has(name.toLowerCase()); n += 1) name = `${n}-${plain}`.slice(0, 200);
    names.add(name.toLowerCase());
    return { fileName: name, bytes };
  });
}
