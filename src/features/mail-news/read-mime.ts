import PostalMime, { type Attachment, type Email } from 'postal-mime';

/** Larger mail is refused at the door. */
export const largestMail_bytes = 25 * 1024 * 1024;

export type { Email };

/** A mail as it came, taken apart; undefined where no mail program could make sense of it. */
export async function readMime(raw: Buffer): Promise<Email | undefined> {
  try {
    return await PostalMime.parse(raw, {
      forceRfc822Attachments: true,
      maxNestingDepth: 30,
      maxHeadersSize: 256 * 1024,
    });
  } catch {
    // Built to harm, or broken: the library says so and nothing of it is used.
    return undefined;
  }
}

export const headerOf = (mail: Email, name: string): string | undefined =>
  mail.headers.find((header) => header.key === name)?.value.trim();

export const bytesOf = (attachment: Attachment): Buffer =>
  typeof attachment.content === 'string'
    ? Buffer.from(attachment.content)
    : attachment.content instanceof ArrayBuffer
      ? Buffer.from(attachment.content)
      : Buffer.from(attachment.content.buffer, attachment.content.byteOffset, attachment.content.byteLength);

/** Every address of a field, groups taken apart. */
export const addressesOf = (fields: Email['to']): { name: string; address: string }[] =>
  (fields ?? []).flatMap((each) => ('group' in each && each.group ? each.group : [each as never]));
