import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { listMerges, type Merge, undoCustomerMerge } from '#features/customer-merges/api.ts';
import { countsIn } from '#features/customer-merges/ui/staff/merge-dialog.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

/** At the head of a record: that it was merged into another, or others into it while that can be undone. */
export function MergeNotice({ customerId }: { customerId: string }) {
  const { data } = useAsk(listMerges, { params: { id: customerId } });
  const shown = data?.data.filter((merge) => merge.loser.id === customerId || merge.can_undo) ?? [];
  if (shown.length === 0) return null;
  return (
    <div className="notices">
      {shown.map((merge) => (
        <OneMerge key={merge.id} merge={merge} customerId={customerId} />
      ))}
    </div>
  );
}

function OneMerge({ merge, customerId }: { merge: Merge; customerId: string }) {
  const { can, instant } = useFrame();
  const [opened, door] = useDisclosure();
  const isLoser = merge.loser.id === customerId;
  const other = isLoser ? merge.winner : merge.loser;
  const name = <Link to={`/customers/${other.id}`}>{other.display_name}</Link>;
  return (
    <div className="problem quiet" role="status">
      <p>
        {isLoser ? <>Merged into {name}</> : <>{name} was merged into this record</>} on{' '}
        {instant(merge.merged_at)}
        {merge.merged_by && ` by ${merge.merged_by}`}.
        {isLoser && ' Its papers are there; old links lead there too.'}
      </p>
      {merge.can_undo && can('customers:write') && (
        <Button variant="default" size="xs" onClick={door.open}>
          Undo merge
        </Button>
      )}
      <UndoDialog merge={merge} opened={opened} onClose={door.close} />
    </div>
  );
}

function UndoDialog({ merge, opened, onClose }: { merge: Merge; opened: boolean; onClose: () => void }) {
  const undo = useAct(undoCustomerMerge);
  const { instant } = useFrame();
  const counts = countsIn(merge.moved);
  const submit = async (): Promise<void> => {
    const done = await undo.run({ params: { id: merge.id }, body: {} }).catch(() => undefined);
    if (!done) return;
    tell(`${merge.loser.display_name} is a record of its own again`);
    onClose();
  };
  return (
    <FormDialog
      title="Undo merge"
      opened={opened}
      onClose={onClose}
      onSubmit={submit}
      submit="Undo merge"
      busy={undo.busy}
      error={undo.error}
    >
      <p>
        {counts.length > 0
          ? `${counts.join(', ')} ${counts.length === 1 ? 'goes' : 'go'} back to ${merge.loser.display_name}`
          : `${merge.loser.display_name} becomes a record of its own again`}
        , with what belongs to them by now. What came to {merge.winner.display_name} since stays there.
      </p>
      <p className="fine">Possible until {instant(merge.undo_until)}.</p>
    </FormDialog>
  );
}
