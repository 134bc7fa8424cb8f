import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { undoImport } from '#features/imports/api.ts';
import { Outcome, RejectedRows } from '#features/imports/ui/staff/checked-step.tsx';
import { type ImportBatch, kindPages } from '#features/imports/ui/staff/import-words.tsx';
import { RowsPreview } from '#features/imports/ui/staff/rows-preview.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { useAct } from '#ui/use-endpoint.ts';

/** What came of it, and the way back. */
export function ResultStep({ batch, onWork }: { batch: ImportBatch; onWork: () => void }) {
  const { instant, count } = useFrame();
  if (batch.state === 'failed') {
    return (
      <div className="stack loose">
        <div className="problem" role="alert">
          <p>{batch.error ?? 'This file could not be read.'}</p>
        </div>
        <div>
          <ButtonLink to="/imports/new" search={{ kind: batch.kind }}>
            Upload a corrected file
          </ButtonLink>
        </div>
      </div>
    );
  }
  const undone = batch.state === 'undone';
  return (
    <div className="stack loose">
      <p className="note" data-tone={undone ? undefined : 'good'}>
        {undone
          ? `Undone${batch.undone_at ? ` ${instant(batch.undone_at)}` : ''}. ${undoneWords(batch.kept_count, count)}`
          : `Imported${batch.imported_at ? ` ${instant(batch.imported_at)}` : ''}.`}
        {batch.error && ` ${batch.error}`}
      </p>
      <Outcome batch={batch} done />
      <div className="row">
        {!undone && <ButtonLink {...kindPages[batch.kind]}>Show {batch.kind}</ButtonLink>}
        <RejectedRows batch={batch} />
        {!undone && <Undo batch={batch} onWork={onWork} />}
        {undone && (
          <ButtonLink to="/imports/new" search={{ kind: batch.kind }} variant="default">
            Import another file
          </ButtonLink>
        )}
      </div>
      {batch.rows_rejected > 0 && <RowsPreview batch={batch} />}
    </div>
  );
}

function undoneWords(kept: number, count: (number: number, noun: string) => string): string {
  const all = 'What this file had brought in or changed is as it was before';
  return kept > 0 ? `${all}, but for ${count(kept, 'row')} that something was built on since.` : `${all}.`;
}

function Undo({ batch, onWork }: { batch: ImportBatch; onWork: () => void }) {
  const [opened, door] = useDisclosure();
  const undo = useAct(undoImport);
  const run = async (): Promise<void> => {
    if (!(await undo.run({ params: { id: batch.id } }).catch(() => undefined))) return;
    door.close();
    onWork();
  };
  return (
    <>
      <Button variant="default" color="brick" onClick={door.open}>
        Undo this import
      </Button>
      <FormDialog
        title="Undo this import?"
        opened={opened}
        onClose={door.close}
        onSubmit={run}
        submit="Undo it"
        danger
        busy={undo.busy}
        error={undo.error}
      >
        <p>
          What the file created goes, what it changed returns to its former values. What something was built
          on since, such as an invoice with a payment or an item on an invoice, stays.
        </p>
      </FormDialog>
    </>
  );
}
