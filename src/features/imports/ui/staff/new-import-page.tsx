import { Button, FileButton, Progress } from '@mantine/core';
import { IconDownload, IconFileTypeCsv } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { DragEvent } from 'react';
import { useState } from 'react';
import type { ImportBatch } from '#features/imports/ui/staff/import-words.tsx';
import { uploadFile } from '#features/imports/ui/staff/upload-file.ts';
import { Chips } from '#ui/filters.tsx';
import { PageHead, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';

type Kind = ImportBatch['kind'];
type Props = { kind: Kind; onKind: (kind: Kind) => void };

const kinds = [
  { value: 'customers', label: 'Customers' },
  { value: 'items', label: 'Items' },
  { value: 'invoices', label: 'Invoices' },
] as const;
const promises: Record<Kind, string> = {
  customers: 'A customer that is here already is updated, not doubled, if your id or the name is the same.',
  items:
    'An item of the same name is updated, not doubled. Tax rates are found by their names; what a row leaves ' +
    'blank stays as it is.',
  invoices:
    'An invoice number that is here already is updated or left alone, never doubled. ' +
    'Customers of invoices are found by your id, name or e-mail.',
};

export function NewImportPage({ kind, onKind }: Props) {
  return (
    <>
      <PageHead
        back={{ to: '/imports', label: 'Imports' }}
        title="Import a file"
        detail="Nothing changes until you have seen every row and said so."
      />
      <div className="stack loose">
        <div className="row">
          <Chips label="What the file holds" value={kind} options={kinds} onChange={onKind} />
        </div>
        <DropZone kind={kind} />
        <Sheet title="What to bring">
          <div className="stack tight">
            <p>
              A CSV file with a header in its first line, from any system. Columns may have any names and
              order; you match them in the next step. Commas, semicolons or tabs, and any way to write dates
              and amounts, are understood, or asked about.
            </p>
            <p>{promises[kind]}</p>
            <div>
              <Button
                component="a"
                href={`/v1/import-templates/${kind}.csv`}
                download
                variant="default"
                size="xs"
                leftSection={<IconDownload size={14} aria-hidden />}
              >
                Download a template
              </Button>
            </div>
          </div>
        </Sheet>
      </div>
    </>
  );
}

function useUpload(kind: Kind) {
  const navigate = useNavigate();
  const [share, setShare] = useState<number>();
  const [error, setError] = useState<Error>();
  const start = async (file: File | null | undefined): Promise<void> => {
    if (!file) return;
    setError(undefined);
    setShare(0);
    try {
      const batch = await uploadFile({ kind, file, onProgress: setShare });
      await navigate({ to: `/imports/${batch.id}` });
    } catch (problem) {
      setError(problem instanceof Error ? problem : new Error('The upload failed.'));
      setShare(undefined);
    }
  };
  return { share, error, start };
}

function DropZone({ kind }: { kind: Kind }) {
  const { share, error, start } = useUpload(kind);
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void start(event.dataTransfer.files[0]);
  };
  const drag = (event: DragEvent): void => {
    event.preventDefault();
    setOver(true);
  };
  return (
    <>
      <div
        className="drop"
        data-over={over}
        onDragOver={drag}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <IconFileTypeCsv size={36} stroke={1.2} aria-hidden />
        {share === undefined ? (
          <>
            <p className="strong">Drop a CSV file of {kind} here</p>
            <FileButton accept=".csv,.tsv,.txt,text/csv" onChange={(file) => void start(file)}>
              {(props) => <Button {...props}>Choose a file</Button>}
            </FileButton>
          </>
        ) : (
          <div className="drop-progress">
            <p className="strong" role="status">
              {share < 1 ? `Uploading, ${Math.round(share * 100)}%` : 'Reading the file…'}
            </p>
            <Progress value={share * 100} animated={share === 1} aria-label="Upload" />
          </div>
        )}
      </div>
      <Problem error={error} />
    </>
  );
}
