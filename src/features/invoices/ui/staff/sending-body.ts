import type { Channel } from '#features/correspondence/channel-rules.ts';
import { readBase64 } from '#ui/read-file.ts';

type Usual = { to: string[]; cc: string[]; subject: string; body: string };
type Typed = Usual & { channels: Channel[]; attach_pdf: boolean; files: readonly File[] };

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one, at) => one === b[at]);

/**
 * What is asked of the server: readers and words only where somebody changed them, so that what is left alone
 * goes as the server has it on the way. Readers are one list to the eye: both go when either was changed.
 */
export async function asTyped(typed: Typed, usual: Usual) {
  const { channels, to, cc, attach_pdf } = typed;
  const words = {
    ...(typed.subject.trim() === usual.subject ? {} : { subject: typed.subject.trim() }),
    ...(typed.body === usual.body ? {} : { body: typed.body }),
  };
  if (!channels.includes('email')) return { channels, ...words };
  const files = await Promise.all(
    typed.files.map(async (file) => ({ file_name: file.name, base64: await readBase64(file) })),
  );
  return {
    channels,
    ...words,
    ...(same(to, usual.to) && same(cc, usual.cc) ? {} : { to, cc }),
    attach_pdf,
    ...(files.length > 0 ? { files } : {}),
  };
}
