import { Progress } from '@mantine/core';
import type { ImportBatch } from '#features/imports/ui/staff/import-words.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';

const words: Partial<Record<ImportBatch['state'], string>> = {
  reading: 'Reading the file',
  checking: 'Checking every row; nothing changes yet',
  importing: 'Bringing the accepted rows in',
  undoing: 'Taking it all back',
};

/** Work goes on without this page; it only watches. */
export function WorkingStep({ batch }: { batch: ImportBatch }) {
  const { locale, count } = useFrame();
  const { rows_total: total, rows_done: done } = batch;
  const share = total > 0 ? (done / total) * 100 : 0;
  return (
    <Sheet>
      <div className="stack" role="status" aria-live="polite">
        <p className="strong">{words[batch.state]}</p>
        <Progress value={total > 0 ? share : 100} animated={total === 0} aria-label="Progress" />
        <p className="fine num">
          {total > 0 ? `${done.toLocaleString(locale)} of ${count(total, 'row')}` : 'Starting…'}. You may
          leave this page; the work goes on.
        </p>
      </div>
    </Sheet>
  );
}
