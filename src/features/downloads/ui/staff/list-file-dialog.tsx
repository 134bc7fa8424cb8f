import { Button, Progress, Skeleton } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { z } from 'zod';
import { cancelListFile, getDownload, getListFile, type zListFile } from '#features/downloads/api.ts';
import { listNames } from '#features/downloads/list-name-rules.ts';
import { urlOf } from '#ui/call.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Problem, tellProblem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

export type ListFileWork = z.output<typeof zListFile>;

/** How far the file of a list is; once it is there it is fetched. The work goes on without this dialog. */
export function ListFileDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const asked = useAsk(getListFile, { params: { id } }, { keep: true });
  const work = asked.data;
  const running = !work || work.state === 'running';
  useAsk(getListFile, { params: { id } }, { every_ms: running ? 500 : false });
  return (
    <FormDialog title={work ? `Export: ${listNames[work.list]}` : 'Export'} opened onClose={onClose}>
      <Problem error={asked.error} onRetry={() => void asked.refetch()} />
      {!work && !asked.error && <Skeleton height={72} />}
      {work?.state === 'running' && <Running work={work} />}
      {work && work.state !== 'running' && <Result work={work} />}
    </FormDialog>
  );
}

function Running({ work }: { work: ListFileWork }) {
  const { count } = useFrame();
  const cancel = useAct(cancelListFile);
  return (
    <div className="stack">
      <Progress
        value={work.chosen ? (work.rows_done / work.chosen) * 100 : 100}
        animated={!work.chosen}
        aria-label="Progress"
      />
      <p className="fine num" role="status">
        {count(work.rows_done, 'row')} so far. You may close this: the work goes on, and Settings, Data has
        the file.
      </p>
      <div>
        <Button
          size="xs"
          variant="default"
          loading={cancel.busy}
          onClick={() => void cancel.run({ params: { id: work.id } }).catch(tellProblem)}
        >
          Stop
        </Button>
      </div>
    </div>
  );
}

function Result({ work }: { work: ListFileWork }) {
  const { count, instant } = useFrame();
  const link = useRef<HTMLAnchorElement>(null);
  const { download } = work;
  // Whoever waited for it has it at once; the button stays for a second time.
  useEffect(() => link.current?.click(), []);
  if (!download)
    return <p role="status">{work.state === 'cancelled' ? 'Stopped. Nothing of it is kept.' : 'Expired.'}</p>;
  return (
    <div className="stack">
      <p role="status">
        <span className="strong">{count(work.rows_done, 'row')}</span> in the file. It can be fetched until{' '}
        {instant(download.expires_at)}.
      </p>
      <div>
        <Button
          component="a"
          ref={link}
          href={urlOf(getDownload, { params: { id: download.id } })}
          download
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          Download {download.file_name}
        </Button>
      </div>
    </div>
  );
}
