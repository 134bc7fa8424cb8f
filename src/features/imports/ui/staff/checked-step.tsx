import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { commitImport } from '#features/imports/api.ts';
import type { ImportBatch } from '#features/imports/ui/staff/import-words.tsx';
import { RowsPreview } from '#features/imports/ui/staff/rows-preview.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Figures } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';

export function Outcome({ batch, done }: { batch: ImportBatch; done: boolean }) {
  const { locale } = useFrame();
  const number = (value: number) => value.toLocaleString(locale);
  return (
    <Figures
      figures={[
        { label: 'Rows', value: number(batch.rows_total) },
        { label: done ? 'New' : 'Would be new', value: number(batch.created_count), tone: 'good' },
        { label: done ? 'Updated' : 'Would be updated', value: number(batch.updated_count) },
        { label: 'Unchanged', value: number(batch.unchanged_count) },
        {
          label: 'Left out',
          value: number(batch.rows_rejected),
          tone: batch.rows_rejected > 0 ? 'bad' : undefined,
        },
      ]}
    />
  );
}

export function RejectedRows({ batch }: { batch: ImportBatch }) {
  const { count } = useFrame();
  if (batch.rows_rejected === 0) return null;
  return (
    <Button
      component="a"
      href={`/v1/imports/${encodeURIComponent(batch.id)}/problems.csv`}
      download
      variant="default"
      leftSection={<IconDownload size={16} aria-hidden />}
    >
      Download the {count(batch.rows_rejected, 'row')} left out
    </Button>
  );
}

type Props = { batch: ImportBatch; onEdit: () => void; onWork: () => void };

/** The dry run: what would happen, row by row. Only the last button changes anything. */
export function CheckedStep({ batch, onEdit, onWork }: Props) {
  const { count } = useFrame();
  const commit = useAct(commitImport);
  const good = batch.rows_total - batch.rows_rejected;
  const run = async (): Promise<void> => {
    if (await commit.run({ params: { id: batch.id } }).catch(() => undefined)) onWork();
  };
  return (
    <div className="stack loose">
      <Outcome batch={batch} done={false} />
      <RowsPreview batch={batch} />
      <Problem error={commit.error} />
      <div className="finish">
        <p className="fine">
          {batch.rows_rejected > 0
            ? 'Rows with a problem are left out; correct them in the downloaded file and import that one.'
            : 'Nothing has changed yet.'}
          {batch.send_invoices && ' New invoices are sent to their customers.'}
        </p>
        <div className="row">
          <Button variant="default" onClick={onEdit}>
            Change the matching
          </Button>
          <RejectedRows batch={batch} />
          <Button loading={commit.busy} disabled={good === 0} onClick={() => void run()}>
            Import {count(good, 'row')}
          </Button>
        </div>
      </div>
    </div>
  );
}
