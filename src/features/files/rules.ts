/** What may be kept, by its first bytes; the name has to agree, for that is what a reader goes by. */
const kinds: readonly { type: string; starts: readonly string[]; endings: readonly string[] }[] = [
  { type: 'application/pdf', starts: ['25504446'], endings: ['pdf'] },
  { type: 'image/png', starts: ['89504e47'], endings: ['png'] },
  { type: 'image/jpeg', starts: ['ffd8ff'], endings: ['jpg', 'jpeg'] },
  { type: 'image/gif', starts: ['47494638'], endings: ['gif'] },
  {
    type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    starts: ['504b0304'],
    endings: ['docx'],
  },
  {
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    starts: ['504b0304'],
    endings: ['xlsx'],
  },
  { type: 'application/zip', starts: ['504b0304'], endings: ['zip'] },
];
const texts: Readonly<Record<string, string>> = { txt: 'text/plain', csv: 'text/csv' };

export const mostBytes = 10 * 1024 * 1024;
export const mostFiles = 20;
/** Of files that go with one mail alone. */
export const mostSentFiles = 5;
export const kindWords = 'PDF, PNG, JPEG, GIF, DOCX, XLSX, ZIP, TXT or CSV';

export type FileVerdict = { ok: true; type: string } | { ok: false; reason: string };

/** Judge a file by its bytes: what it is called and what it says it is are not believed. */
export function judgeFile(
  name: string,
  file: { size: number; firstHex: string; isText: boolean },
): FileVerdict {
  if (file.size === 0) return { ok: false, reason: 'The file is empty. Choose another one.' };
  if (file.size > mostBytes) return { ok: false, reason: 'The file is larger than 10 MB. Make it smaller.' };
  const ending = name.toLowerCase().split('.').at(-1) ?? '';
  const text = texts[ending];
  if (text)
    return file.isText
      ? { ok: true, type: text }
      : { ok: false, reason: `${name} is not text, though its name says so. Give it its true ending.` };
  const kind = kinds.find(({ endings }) => endings.includes(ending));
  if (!kind) return { ok: false, reason: `Files may be ${kindWords}. Save it as one of these.` };
  return kind.starts.some((start) => file.firstHex.startsWith(start))
    ? { ok: true, type: kind.type }
    : {
        ok: false,
        reason: `${name} holds something else than its name says. Save it again as ${kindWords}.`,
      };
}

/** A name that is no path and holds nothing invisible. */
export function plainFileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const clean = last.replace(/\p{C}/gu, '').trim();
  return clean.slice(-200) || 'file';
}

/** The most that a mail may weigh on its way, as it is encoded: mail servers turn larger ones down. */
const mostMail = 14_500_000;
/** Base64: four letters for three bytes, in lines of 76. */
const encoded = (bytes: number): number => Math.ceil(bytes / 57) * 78;
/** What its words take, and the invoice as PDF beside them. */
const roomFor = { words: 200_000, papers: 2_000_000 };

const roomOf = ({ hasPapers, taken = 0 }: { hasPapers: boolean; taken?: number }): number =>
  mostMail - roomFor.words - (hasPapers ? roomFor.papers : 0) - taken;

/** What these take in a mail, as it is encoded; undefined where it has no room for all of them. */
export function roomTaken(sizes: readonly number[], mail: { hasPapers: boolean }): number | undefined {
  const taken = sizes.reduce((all, bytes) => all + encoded(bytes), 0);
  return taken <= roomOf(mail) ? taken : undefined;
}

/** Names that differ from each other and from those taken: `a.pdf`, `a (2).pdf`. */
export function freeNames(names: readonly string[], taken: readonly string[] = []): string[] {
  const used = new Set(taken);
  return names.map((name) => {
    const dot = name.lastIndexOf('.');
    const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
    let free = name;
    for (let next = 2; used.has(free); next += 1) free = `${stem} (${next})${ending}`;
    used.add(free);
    return free;
  });
}

/** Of the files that go with a mail, those that it has room for; the others it names as links. */
export function filesThatFit<F extends { sizeBytes: number }>(
  files: readonly F[],
  mail: { hasPapers: boolean; taken?: number },
): { attached: F[]; linked: F[] } {
  let room = roomOf(mail);
  const attached: F[] = [];
  const linked: F[] = [];
  for (const file of files) {
    const takes = encoded(file.sizeBytes);
    const fits = takes <= room;
    if (fits) room -= takes;
    (fits ? attached : linked).push(file);
  }
  return { attached, linked };
}
