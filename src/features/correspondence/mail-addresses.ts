import { type Secrets, sameText } from '#lib/secrets.ts';

/** Why a mail comes in: a server could not deliver ours, or a person answers it. */
export type MailPurpose = 'bounce' | 'reply';

/** Small letters and digits alone: not every server keeps the case of what stands before the @. */
const seal = (secrets: Pick<Secrets, 'sign'>, purpose: MailPurpose, id: string): string =>
  Buffer.from(secrets.sign(`mail ${purpose}`, id), 'base64url')
    .subarray(0, 10)
    .toString('hex');

/** `bounce+<message>-<signature>@host`: what comes to it names its message, whatever else it says. */
export function addressOf(
  secrets: Pick<Secrets, 'sign'>,
  purpose: MailPurpose,
  at: { messageId: string; host: string },
): string {
  const id = at.messageId.slice(4);
  return `${purpose}+${id}-${seal(secrets, purpose, id)}@${at.host}`;
}

/** The message that an address names, if we wrote that address. */
export function readAddress(
  secrets: Pick<Secrets, 'sign'>,
  address: string,
): { purpose: MailPurpose; messageId: string } | undefined {
  const [, purpose, id, signature] =
    /^<?(bounce|reply)\+([0-9a-z]{22})-([0-9a-f]{20})@/.exec(address.trim().toLowerCase()) ?? [];
  if (!purpose || !id || (purpose !== 'bounce' && purpose !== 'reply')) return undefined;
  return sameText(seal(secrets, purpose, id), signature ?? '')
    ? { purpose, messageId: `msg_${id}` }
    : undefined;
}
