import { Button } from '@mantine/core';
import { useState } from 'react';
import { listListFiles } from '#features/downloads/api.ts';
import { listNames } from '#features/downloads/list-name-rules.ts';
import { ListFileDialog, type ListFileWork } from '#features/downloads/ui/staff/list-file-dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { State, type Tone } from '#ui/state.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

const states: Record<ListFileWork['state'], { word: string; tone: Tone }> = {
  running: { word: 'Under way', tone: 'accent' },
  done: { word: 'Ready', tone: 'good' },
  cancelled: { word: 'Stopped', tone: 'faint' },
  failed: { word: 'Failed', tone: 'bad' },
};

/** Lists that were asked for as files of late, and the way back to them. */
export function RecentFiles() {
  const { instant, count } = useFrame();
  const query = { query: { limit: 10 } };
  const asked = useAsk(listListFiles, query);
  const [open, setOpen] = useState<string>();
  const rows = asked.data?.data ?? [];
  const running = !asked.error && rows.some(({ state }) => state === 'running');
  useAsk(listListFiles, query, { every_ms: running ? 2000 : false });
  return (
    <Sheet title="Lists as files">
      <Problem error={asked.error} onRetry={() => void asked.refetch()} />
      {asked.data && rows.length === 0 && (
        <p className="fine">Every list has an Export button: what it makes is kept here for seven days.</p>
      )}
      {rows.map((work) => {
        const gone = work.state === 'done' && !work.download;
        const { word, tone } = gone ? { word: 'Expired', tone: 'faint' as const } : states[work.state];
        return (
          <div className="hold" key={work.id}>
            <div className="row between">
              <span className="strong">
                {listNames[work.list]}, {work.format === 'csv' ? 'CSV' : 'spreadsheet'}
              </span>
              <State tone={tone} ring={work.state === 'running'}>
                {word}
              </State>
            </div>
            <div className="row between">
              <p className="fine">
                {count(work.rows_done, 'row')} · {work.asked_by ?? 'By a key'}, {instant(work.created_at)}
              </p>
              {!gone && (work.state === 'running' || work.state === 'done') && (
                <Button size="xs" variant="default" onClick={() => setOpen(work.id)}>
                  {work.state === 'done' ? 'Fetch' : 'Look'}
                </Button>
              )}
            </div>
            {work.state === 'failed' && (
              <p className="fine">It could not be made. Ask for it again where the list is.</p>
            )}
          </div>
        );
      })}
      {open && <ListFileDialog id={open} onClose={() => setOpen(undefined)} />}
    </Sheet>
  );
}
