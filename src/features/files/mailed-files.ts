import type { FileRow } from '#features/files/read-files.ts';
import { filesThatFit } from '#features/files/rules.ts';

/** The files of an invoice in a mail about it. */
export type MailedFiles = {
  /** Those that it carries, which are `attached` by name. */
  fileIds: string[];
  attached: string[];
  /** Those that it has no room for. */
  linked: { name: string; url: string }[];
};

/** What a mail does with the files that go with it; `link` opens the invoice, and its files under it. */
export function filesForMail(
  files: readonly FileRow[] | undefined,
  mail: { link: string; hasPapers: boolean; taken?: number },
): MailedFiles | undefined {
  if (!files?.length) return undefined;
  const { attached, linked } = filesThatFit(files, mail);
  return {
    fileIds: attached.map(({ id }) => id),
    attached: attached.map(({ fileName }) => fileName),
    linked: linked.map(({ id, fileName }) => ({ name: fileName, url: `${mail.link}/files/${id}` })),
  };
}
