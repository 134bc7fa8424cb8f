import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { CopyButton } from '#ui/copy.tsx';

const fileOf = (codes: readonly string[]): string =>
  [
    `Recovery codes for Owed at ${window.location.host}`,
    'Each signs you in once, in place of the code of your app.',
    '',
    ...codes,
    '',
  ].join('\n');

function download(codes: readonly string[]): void {
  const url = URL.createObjectURL(new Blob([fileOf(codes)], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'owed-recovery-codes.txt';
  link.click();
  URL.revokeObjectURL(url);
}

/** Shown once: whoever closes this without keeping them makes new ones. */
export function RecoveryCodeList({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  return (
    <div className="stack">
      <p className="note" data-tone="warn">
        Keep these where your phone is not: on paper, or in a password manager. They are not shown again.
        Without phone and codes only an owner of your organization can let you in.
      </p>
      <ol className="recovery-codes" aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div className="row">
        <CopyButton text={codes.join('\n')}>Copy to clipboard</CopyButton>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => download(codes)}
        >
          Download as text file
        </Button>
      </div>
      <div className="dialog-actions">
        <Button onClick={onDone}>I have kept them</Button>
      </div>
    </div>
  );
}
