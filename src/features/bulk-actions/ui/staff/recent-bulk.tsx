import { Button } from '@mantine/core';
import { useState } from 'react';
import { listBulkActions } from '#features/bulk-actions/api.ts';
import { BulkProgress } from '#features/bulk-actions/ui/staff/bulk-progress.tsx';
import { type BulkWork, bulkWords, nounOf } from '#features/bulk-actions/ui/staff/bulk-words.ts';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { State, type Tone } from '#ui/state.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

const states: Record<BulkWork['state'], { word: string; tone: Tone }> = {
  running: { word: 'Under way', tone: 'accent' },
  done: { word: 'Done', tone: 'good' },
  cancelled: { word: 'Stopped', tone: 'faint' },
};

/** What was done with many rows of late, and the way back to its result. */
export function RecentBulk() {
  const { instant, count, locale, can } = useFrame();
  const may = can('customers:read');
  const asked = useAsk(listBulkActions, { query: { limit: 10 } }, { enabled: may });
  const [open, setOpen] = useState<string>();
  if (!may) return null;
  const rows = asked.data?.data ?? [];
  return (
    <Sheet title="Done with many at once">
      <Problem error={asked.error} onRetry={() => void asked.refetch()} />
      {asked.data && rows.length === 0 && (
        <p className="fine">
          Choose rows in the list of invoices or customers: what can be done with them appears below.
        </p>
      )}
      {rows.map((work) => (
        <div className="hold" key={work.id}>
          <div className="row between">
            <span className="strong">
              {bulkWords[work.action].title.replace('…', '')}: {count(work.total, nounOf(work.subject))}
            </span>
            <State tone={states[work.state].tone} ring={work.state === 'running'}>
              {states[work.state].word}
            </State>
          </div>
          <div className="row between">
            <p className="fine">
              {work.done.toLocaleString(locale)} done, {work.refused.toLocaleString(locale)} left out ·{' '}
              {work.asked_by ?? 'By a key'}, {instant(work.created_at)}
            </p>
            <Button size="xs" variant="default" onClick={() => setOpen(work.id)}>
              Result
            </Button>
          </div>
        </div>
      ))}
      {open && <BulkProgress id={open} onClose={() => setOpen(undefined)} />}
    </Sheet>
  );
}
