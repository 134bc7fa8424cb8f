import { Button, Progress, Switch } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import type { z } from 'zod';
import {
  cancelDataExport,
  listDataExports,
  startDataExport,
  type zDataExport,
} from '#features/data-exports/api.ts';
import { getDownload } from '#features/downloads/api.ts';
import { urlOf } from '#ui/call.ts';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell, tellProblem } from '#ui/problem.tsx';
import { State, type Tone } from '#ui/state.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

type DataExport = z.output<typeof zDataExport>;

/** Everything as one archive: asked for here, made in the background, fetched here. */
export function DataExports() {
  const { can } = useFrame();
  const may = can('settings:write');
  const query = { query: { limit: 5 } };
  const asked = useAsk(listDataExports, query, { enabled: may });
  const rows = asked.data?.data ?? [];
  const running = rows.some(({ state }) => state === 'running');
  useAsk(listDataExports, query, { enabled: may, every_ms: running ? 1000 : false });
  if (!may) return null;
  return (
    <Sheet title="Export everything">
      <div className="stack">
        <p>
          One ZIP archive with customers, items, invoices, payments, credit memos, refunds, deposits, the
          journal, notes, messages and the settings, as CSV and as JSON lines, with every file that you keep.
          Customers, items and invoices can be imported again.
        </p>
        <NewExport running={running} />
        <Problem error={asked.error} onRetry={() => void asked.refetch()} />
        {rows.map((row) => (
          <ExportLine key={row.id} row={row} />
        ))}
      </div>
    </Sheet>
  );
}

function NewExport({ running }: { running: boolean }) {
  const start = useAct(startDataExport);
  const [wish, setWish] = useState({ with_files: true, with_pdfs: false });
  const run = (): void =>
    void start
      .run({ body: wish })
      .then(() => tell('The export is under way', 'You may leave this page. You are told when it is ready.'))
      // What went wrong stands below.
      .catch(() => undefined);
  return (
    <>
      <Switch
        label="With files and messages"
        description="Uploaded files, signed agreements, and each message as it was sent, with what it carried"
        checked={wish.with_files}
        onChange={(event) => setWish({ ...wish, with_files: event.currentTarget.checked })}
      />
      <Switch
        label="With a PDF of each issued invoice"
        description="Of many thousand invoices this takes hours"
        checked={wish.with_pdfs}
        onChange={(event) => setWish({ ...wish, with_pdfs: event.currentTarget.checked })}
      />
      <Problem error={start.error} />
      <div>
        <Button loading={start.busy} disabled={running} onClick={run}>
          Make an export
        </Button>
      </div>
    </>
  );
}

const states: Record<DataExport['state'], { word: string; tone: Tone }> = {
  running: { word: 'Under way', tone: 'accent' },
  done: { word: 'Ready', tone: 'good' },
  cancelled: { word: 'Stopped', tone: 'faint' },
  failed: { word: 'Failed', tone: 'bad' },
};

function ExportLine({ row }: { row: DataExport }) {
  const { instant, locale } = useFrame();
  const { download } = row;
  const gone = row.state === 'done' && !download;
  const { word, tone } = gone ? { word: 'Expired', tone: 'faint' as const } : states[row.state];
  const extra = [...(row.with_files ? ['with files'] : []), ...(row.with_pdfs ? ['with PDFs'] : [])].join(
    ', ',
  );
  return (
    <div className="hold">
      <div className="row between">
        <span className="strong">
          {instant(row.created_at)}
          {extra && `, ${extra}`}
        </span>
        <State tone={tone} ring={row.state === 'running'}>
          {word}
        </State>
      </div>
      {row.state === 'running' && <Running row={row} />}
      {row.state === 'failed' && (
        <p className="fine">It could not be made, and nothing of it is kept. Make another one.</p>
      )}
      <p className="fine">
        {row.rows_done.toLocaleString(locale)} rows · {row.asked_by ?? 'By a key'}
        {download && ` · ${sizeWords(download.size_bytes, locale)} · until ${instant(download.expires_at)}`}
      </p>
      {download && (
        <>
          <div>
            <Button
              component="a"
              size="xs"
              variant="default"
              href={urlOf(getDownload, { params: { id: download.id } })}
              download
              leftSection={<IconDownload size={14} aria-hidden />}
            >
              Download
            </Button>
          </div>
          <p className="fine break">
            SHA-256 <code>{download.sha256}</code>
          </p>
        </>
      )}
    </div>
  );
}

function Running({ row }: { row: DataExport }) {
  const cancel = useAct(cancelDataExport);
  return (
    <>
      <Progress
        value={row.entries > 0 ? (row.entries_done / row.entries) * 100 : 0}
        animated={row.entries === 0}
        aria-label="Progress"
      />
      <div className="row between">
        <p className="fine break">{row.now_writing || 'Starting…'}</p>
        <Button
          size="xs"
          variant="default"
          loading={cancel.busy}
          onClick={() => void cancel.run({ params: { id: row.id } }).catch(tellProblem)}
        >
          Stop
        </Button>
      </div>
    </>
  );
}

const sizeWords = (bytes: number, locale: string): string =>
  bytes < 1_000_000
    ? `${Math.ceil(bytes / 1000).toLocaleString(locale)} kB`
    : `${Math.ceil(bytes / 1_000_000).toLocaleString(locale)} MB`;
