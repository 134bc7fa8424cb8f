import { Button, Checkbox, Skeleton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { goLive, holdMessages } from '#features/messenger/api.ts';
import { PreviewTable } from '#features/messenger/ui/staff/preview-table.tsx';
import { usePreview } from '#features/messenger/ui/staff/use-preview.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { State } from '#ui/state.tsx';
import { useAct } from '#ui/use-endpoint.ts';

/** Before anything goes out by itself: what would go today, and one button that lets it. */
export function GoLive() {
  const { can } = useFrame();
  const preview = usePreview({ go_live: true });
  const act = useAct(goLive);
  const [earlier, setEarlier] = useState(false);
  const waiting = (preview.data?.new_invoices.count ?? 0) + (preview.data?.statements.count ?? 0);
  const run = async (): Promise<void> => {
    await act.run({ body: { earlier: earlier ? 'send' : 'leave' } });
    tell('Messages go out by themselves from now on');
  };
  return (
    <Sheet
      title="Messages that go out by themselves"
      aside={
        <State tone="warn" ring>
          Held
        </State>
      }
    >
      <div className="stack">
        <p className="measure">
          Nothing goes out by itself until you go live: no new invoice, no reminder, no statement. What you
          send by hand goes at once.
        </p>
        <Problem error={preview.error} onRetry={() => void preview.refetch()} />
        {preview.isPending && <Skeleton height={120} radius="md" />}
        {preview.data && waiting === 0 && (
          <p className="note">Today nothing would go out: no open invoice waits for its first sending.</p>
        )}
        {preview.data && waiting > 0 && (
          <>
            <p>These were issued before and never sent from here. Today they would be:</p>
            <PreviewTable preview={preview.data} />
            <Checkbox
              label="Send these too"
              description="Leave it off if your customers have them already: then only what is issued from now on goes out."
              checked={earlier}
              onChange={(event) => setEarlier(event.currentTarget.checked)}
            />
          </>
        )}
        <Problem error={act.error} />
        {can('settings:write') && (
          <div className="dialog-actions">
            <Button
              loading={act.busy}
              disabled={!preview.data}
              onClick={() => void run().catch(() => undefined)}
            >
              {earlier ? 'Go live and send these' : 'Go live'}
            </Button>
          </div>
        )}
      </div>
    </Sheet>
  );
}

/** While messages go out: since when, and how to stop all of them. */
export function LiveSince({ since }: { since: Date }) {
  const { can, instant } = useFrame();
  const act = useAct(holdMessages);
  const [opened, door] = useDisclosure();
  const run = async (): Promise<void> => {
    await act.run({}).then(
      () => {
        door.close();
        tell('Messages are held');
      },
      () => undefined,
    );
  };
  return (
    <Sheet title="Messages that go out by themselves" aside={<State tone="good">Live</State>}>
      <div className="row between">
        <p className="measure">Since {instant(since)}.</p>
        {can('settings:write') && (
          <Button variant="default" size="xs" onClick={door.open}>
            Hold all messages
          </Button>
        )}
      </div>
      <FormDialog
        title="Hold all messages?"
        opened={opened}
        onClose={door.close}
        onSubmit={run}
        submit="Hold all messages"
        danger
        busy={act.busy}
        error={act.error}
      >
        <p>
          No invoice, reminder or statement goes out by itself until you go live again. What is issued in the
          meantime is listed then, and you decide whether it goes. Receipts and what you send by hand still
          go.
        </p>
      </FormDialog>
    </Sheet>
  );
}
