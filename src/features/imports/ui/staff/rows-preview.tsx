import { Button, Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { z } from 'zod';
import { listImportRows } from '#features/imports/api.ts';
import type { ImportBatch } from '#features/imports/ui/staff/import-words.tsx';
import { call } from '#ui/call.ts';
import { Chips } from '#ui/filters.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import type { Tone } from '#ui/state.tsx';
import { State } from '#ui/state.tsx';

type ImportRow = z.output<typeof listImportRows.reply>['data'][number];
type Only = 'all' | 'rejected';

const actions: Record<ImportRow['action'], { label: string; tone: Tone }> = {
  create: { label: 'New', tone: 'good' },
  update: { label: 'Update', tone: 'accent' },
  unchanged: { label: 'Unchanged', tone: 'faint' },
  reject: { label: 'Left out', tone: 'bad' },
  unknown: { label: 'Not checked', tone: 'neutral' },
};
const views = [
  { value: 'all', label: 'All rows' },
  { value: 'rejected', label: 'Left out' },
] as const;

export function RowsPreview({ batch }: { batch: ImportBatch }) {
  const [only, setOnly] = useState<Only>(batch.rows_rejected > 0 ? 'rejected' : 'all');
  const rows = useInfiniteQuery({
    queryKey: [listImportRows.path, batch.id, only, batch.state],
    queryFn: ({ pageParam, signal }) =>
      call(
        listImportRows,
        { params: { id: batch.id }, query: { only, after_line: pageParam, limit: 25 } },
        undefined,
        signal,
      ),
    initialPageParam: 0,
    getNextPageParam: (last) => (last.has_more ? last.data.at(-1)?.line : undefined),
  });
  const all = rows.data?.pages.flatMap(({ data }) => data);
  return (
    <Sheet
      title="Row by row"
      aside={<Chips label="Which rows" value={only} options={views} onChange={setOnly} />}
      flush
    >
      <Problem error={rows.error} onRetry={() => void rows.refetch()} />
      {!all && !rows.error && <Skeleton height={180} m="md" />}
      {all?.length === 0 && <p className="sheet-none fine">No row was left out.</p>}
      {all && all.length > 0 && <RowTable batch={batch} rows={all} />}
      {rows.hasNextPage && (
        <div className="pager">
          <Button
            size="xs"
            variant="default"
            loading={rows.isFetchingNextPage}
            onClick={() => void rows.fetchNextPage()}
          >
            Show more rows
          </Button>
        </div>
      )}
    </Sheet>
  );
}

function RowTable({ batch, rows }: { batch: ImportBatch; rows: ImportRow[] }) {
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label="Rows of the file">
      <table className="lines import-rows">
        <thead>
          <tr>
            <th scope="col">Line</th>
            <th scope="col">What happens</th>
            {batch.header.map((name, column) => (
              <th key={column} scope="col" data-off={!batch.mapping[column]}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <PreviewRow key={row.line} row={row} header={batch.header} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The value at fault, unless the reason quotes it already. */
function Value({ of: { value, reason } }: { of: ImportRow['problems'][number] }) {
  return value && !reason.includes(value) ? <code>{value}</code> : null;
}

const Was = ({ text }: { text: string }) =>
  text === '' ? <span className="none">nothing</span> : <span className="break">{text}</span>;

function PreviewRow({ row, header }: { row: ImportRow; header: string[] }) {
  const { label, tone } = actions[row.action];
  const wrong = new Set(row.problems.map(({ column }) => column));
  return (
    <>
      <tr data-action={row.action} data-changes={row.changes.length > 0}>
        <td className="num">{row.line}</td>
        <td>
          <State tone={tone}>{label}</State>
        </td>
        {header.map((name, column) => (
          <td key={column} className="num" data-wrong={wrong.has(name)}>
            {row.cells[column] || (wrong.has(name) ? 'empty' : '')}
          </td>
        ))}
      </tr>
      {row.changes.length > 0 && (
        <tr className="import-changes">
          <td />
          <td colSpan={header.length + 1}>
            <ul>
              {row.changes.map((change) => (
                <li key={change.field}>
                  <span className="strong">{change.field}</span> <Was text={change.before} /> →{' '}
                  <Was text={change.after} />
                </li>
              ))}
            </ul>
          </td>
        </tr>
      )}
      {row.problems.length > 0 && (
        <tr className="import-problems">
          <td />
          <td colSpan={header.length + 1}>
            <ul>
              {row.problems.map((problem, index) => (
                <li key={index}>
                  <span className="strong">{problem.column}</span> <Value of={problem} /> {problem.reason}
                </li>
              ))}
            </ul>
          </td>
        </tr>
      )}
    </>
  );
}
