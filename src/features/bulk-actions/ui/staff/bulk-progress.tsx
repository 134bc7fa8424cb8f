import { Button, Progress, Skeleton } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { cancelBulkAction, getBulkAction, listBulkRefusals } from '#features/bulk-actions/api.ts';
import { type BulkWork, bulkWords, nounOf } from '#features/bulk-actions/ui/staff/bulk-words.ts';
import { getDownload } from '#features/downloads/api.ts';
import { urlOf } from '#ui/call.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Problem, tellProblem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

/** How far it is, and what came of it. The work goes on without this dialog. */
export function BulkProgress({ id, onClose }: { id: string; onClose: () => void }) {
  const asked = useAsk(getBulkAction, { params: { id } }, { keep: true });
  const running = !asked.data || asked.data.state === 'running';
  useAsk(getBulkAction, { params: { id } }, { every_ms: running ? 700 : false });
  const client = useQueryClient();
  // The list behind the dialog shows what was done.
  useEffect(() => {
    if (!running) void client.invalidateQueries();
  }, [running, client]);
  const work = asked.data;
  return (
    <FormDialog title={titleOf(work)} opened onClose={onClose} size="lg">
      <Problem error={asked.error} onRetry={() => void asked.refetch()} />
      {!work && !asked.error && <Skeleton height={96} />}
      {work?.state === 'running' && <Running work={work} />}
      {work && work.state !== 'running' && <Result work={work} />}
    </FormDialog>
  );
}

const titleOf = (work: BulkWork | undefined): string => {
  if (!work || work.state === 'running') return 'Under way';
  return work.state === 'done' ? 'Done' : 'Stopped';
};

function Running({ work }: { work: BulkWork }) {
  const { locale, count } = useFrame();
  const cancel = useAct(cancelBulkAction);
  const looked = work.done + work.refused;
  return (
    <div className="stack">
      <Progress value={work.total > 0 ? (looked / work.total) * 100 : 100} aria-label="Progress" />
      <p className="fine num" role="status">
        {looked.toLocaleString(locale)} of {count(work.total, nounOf(work.subject))}. You may close this: the
        work goes on, and Settings, Data shows it.
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

function Result({ work }: { work: BulkWork }) {
  const { count, locale } = useFrame();
  return (
    <div className="stack">
      <p role="status">
        <span className="strong">{count(work.done, nounOf(work.subject))}</span> {bulkWords[work.action].past}
        {work.refused > 0 ? `, ${work.refused.toLocaleString(locale)} left out.` : '.'}
        {work.state === 'cancelled' && ' The rest was not touched.'}
      </p>
      {work.download && (
        <div>
          <Button
            component="a"
            href={urlOf(getDownload, { params: { id: work.download.id } })}
            download
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            Download {work.download.file_name}
          </Button>
        </div>
      )}
      {work.refused > 0 && <Refusals work={work} />}
    </div>
  );
}

const shown = 100;

/** Each row that was left out, with its reason. */
function Refusals({ work }: { work: BulkWork }) {
  const { locale } = useFrame();
  const refusals = useAsk(listBulkRefusals, { params: { id: work.id }, query: { limit: shown } });
  return (
    <>
      <Problem error={refusals.error} />
      <ul className="reasons-list" aria-label="Left out">
        {refusals.data?.data.map(({ id, label, reason, rule }) => (
          <li key={id}>
            {rule === 'not_found' ? (
              <span className="strong">{label}</span>
            ) : (
              <Link to={`/${work.subject}/${id}`}>{label}</Link>
            )}{' '}
            {reason}
          </li>
        ))}
      </ul>
      {refusals.data?.has_more && (
        <p className="fine">The first {shown.toLocaleString(locale)}. The API lists all of them.</p>
      )}
    </>
  );
}
