import { FileInput } from '@mantine/core';
import { kindWords } from '#features/files/rules.ts';
import { ticketFileLimits } from '#features/support/rules.ts';
import { readBase64 } from '#ui/read-file.ts';

type Props = { files: File[]; onChange: (files: File[]) => void; error?: string | undefined };

/** Files to send along; the server says which of them it does not take. */
export function FilesPick({ files, onChange, error }: Props) {
  return (
    <FileInput
      multiple
      clearable
      label="Files"
      name="files"
      description={`${kindWords}; at most ${ticketFileLimits.files}, 10 MB together.`}
      placeholder="Choose files"
      value={files}
      onChange={onChange}
      error={error}
      clearButtonProps={{ 'aria-label': 'Leave the files out' }}
    />
  );
}

export const filesBody = (files: readonly File[]): Promise<{ file_name: string; content: string }[]> =>
  Promise.all(files.map(async (file) => ({ file_name: file.name, content: await readBase64(file) })));
