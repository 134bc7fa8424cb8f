import { Button, FileButton } from '@mantine/core';
import { IconPaperclip, IconX } from '@tabler/icons-react';
import { kindWords, mostSentFiles } from '#features/files/rules.ts';

type Props = {
  files: readonly File[];
  error: string | undefined;
  onChange: (files: File[]) => void;
};

/** Files for one sending: they go with its mail and are kept nowhere else. */
export function SentFiles({ files, error, onChange }: Props) {
  const drop = (at: number): void => onChange(files.filter((_, each) => each !== at));
  const isNew = (file: File): boolean =>
    !files.some((each) => each.name === file.name && each.size === file.size);
  const full = files.length >= mostSentFiles;
  return (
    <div className="stack tight" role="group" aria-label="Files for this mail only">
      {files.length > 0 && (
        <ul className="family">
          {files.map((file, at) => (
            <li key={`${file.name} ${file.size}`}>
              <span className="break">{file.name}</span>
              <Button
                variant="default"
                size="xs"
                px={8}
                aria-label={`Leave out ${file.name}`}
                onClick={() => drop(at)}
              >
                <IconX size={14} aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div>
        <FileButton
          multiple
          disabled={full}
          onChange={(chosen) => onChange([...files, ...chosen.filter(isNew)].slice(0, mostSentFiles))}
        >
          {(props) => (
            <Button
              {...props}
              variant="default"
              size="xs"
              disabled={full}
              leftSection={<IconPaperclip size={14} aria-hidden />}
            >
              Add files to this mail
            </Button>
          )}
        </FileButton>
      </div>
      <p className="fine">
        Only for this mail: {kindWords}, {mostSentFiles} at most.
      </p>
      {error && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
