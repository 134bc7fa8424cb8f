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

type Props = {
  id: string;
  onClose: () => void;
  /** Where what was asked is still known. */
  onAgain?: (() => void) | undefined;
};

/** How far the file of a list is; once it is there it is fetched. The work goes on without this dialog. */
export function ListFileDialog({ id, onClose, onAgain }: Props) {
  const asked = useAsk(getListFile, { params: { id } }, { keep: true });
  const work = asked.data;
  // What is refused once is refused again: whoever looks may try.
  const running = work?.state === 'running' && !asked.error;
  useAsk(getListFile, { params: { id } }, { every_ms: running ? 500 : false });
  return (
    <FormDialog title={work ? `Export: ${listNames[work.list]}` : 'Export'} opened onClose={onClose}>
      <Problem error={asked.error} onRetry={() => void asked.refetch()} />
      {!work && !asked.error && <Skeleton height={72} />}
      {work?.state === 'running' && <Running work={work} />}
      {work?.state === 'failed' && <Failed onAgain={onAgain} onClose={onClose} />}
      {work && work.state !== 'running' && work.state !== 'failed' && <Result work={work} />}
    </FormDialog>
  );
}

function Running({ work }: { work: ListFileWork }) {
  const { count } = useFrame();
  const cancel = useAct(cancelListFile);
  return (
    <div className="stack">
      {work.chosen ? (
        <Progress value={Math.round((work.rows_done / work.chosen) * 100)} aria-label="Progress" />
      ) : (
        // How many there will be is not known: no value.
        <Progress.Root>
          <Progress.Section value={100} animated withAria={false} role="progressbar" aria-label="Progress" />
        </Progress.Root>
      )}
      <p className="fine num">
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

function Failed({ onAgain, onClose }: Pick<Props, 'onAgain' | 'onClose'>) {
  return (
    <div className="stack">
      <p role="status">
        The file could not be made, and nothing of it is kept.
        {onAgain ? ' Try once more, or narrow the list.' : ' Ask for it again where the list is.'}
      </p>
      <div className="row">
        {onAgain && <Button onClick={onAgain}>Ask again</Button>}
        <Button variant="default" onClick={onClose}>
          Close
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
