import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import type { z } from 'zod';
import { listAudit, type zAuditEntry } from '#features/audit-log/api.ts';
import { placeOf } from '#features/audit-log/place-rules.ts';
import { AuditFilters, type AuditSearch } from '#features/audit-log/ui/staff/audit-filters.tsx';
import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import { call } from '#ui/call.ts';
import type { Column } from '#ui/data-table.tsx';
import { DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Empty, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';

type Entry = z.output<typeof zAuditEntry>;

/** Who did what, newest first. */
export function AuditLog() {
  const { can } = useFrame();
  const [search, setSearch] = useState<AuditSearch>({});
  const change = useCallback((next: AuditSearch) => setSearch((before) => ({ ...before, ...next })), []);
  if (!can('events:read'))
    return (
      <Sheet title="Audit log">
        <p className="fine">
          Your role does not include the audit log. An owner can give you the permission.
        </p>
      </Sheet>
    );
  return (
    <div className="stack">
      <AuditFilters search={search} onSearch={change} />
      <Entries search={search} onClear={() => setSearch({})} />
    </div>
  );
}

function Entries({ search, onClear }: { search: AuditSearch; onClear: () => void }) {
  const columns = useColumns();
  const asked = useInfiniteQuery({
    queryKey: [listAudit.path, search],
    queryFn: ({ pageParam, signal }) =>
      call(
        listAudit,
        { query: { limit: 50, ...search, ...(pageParam ? { starting_after: pageParam } : {}) } },
        undefined,
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (last) => (last.has_more ? last.data.at(-1)?.id : undefined),
    placeholderData: (before) => before,
  });
  if (asked.error) return <Problem error={asked.error} onRetry={() => void asked.refetch()} />;
  const isFiltered = Object.values(search).some(Boolean);
  return (
    <Sheet
      title="What happened, newest first"
      flush
      aside={<ExportList small list="audit_log" search={search} />}
    >
      <DataTable
        label="Audit log"
        columns={columns}
        rows={asked.data?.pages.flatMap(({ data }) => data)}
        idOf={({ id }) => id}
        keys={false}
        empty={<NoEntries isFiltered={isFiltered} onClear={onClear} />}
      />
      {asked.hasNextPage && (
        <div className="pager">
          <Button
            size="xs"
            variant="default"
            loading={asked.isFetchingNextPage}
            onClick={() => void asked.fetchNextPage()}
          >
            Show earlier
          </Button>
        </div>
      )}
    </Sheet>
  );
}

function NoEntries({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  if (!isFiltered) return <Empty title="Nothing has happened yet" />;
  const all = (
    <Button variant="default" onClick={onClear}>
      Show everything
    </Button>
  );
  return (
    <Empty title="Nothing matches" action={all}>
      Loosen a filter, or look among all that happened.
    </Empty>
  );
}

function useColumns(): Column<Entry>[] {
  const { instant } = useFrame();
  return [
    { key: 'what', title: 'What', slot: 'title', cell: (entry) => <What entry={entry} /> },
    { key: 'who', title: 'Who', slot: 'detail', width: '24%', cell: (entry) => <Who entry={entry} /> },
    {
      key: 'when',
      title: 'When',
      slot: 'detail',
      width: '20%',
      cell: ({ occurred_at: at }) => (
        <time dateTime={at.toISOString()} className="num">
          {instant(at)}
        </time>
      ),
    },
  ];
}

/** Who did it, as whom, and from where. */
const Who = ({ entry: { actor, from } }: { entry: Entry }) => (
  <>
    <span className="break">{actor.name}</span>
    {actor.acting_as && <span className="cell-under">as {actor.acting_as}</span>}
    {from.says && <span className="cell-under break">{from.says}</span>}
  </>
);

function What({ entry }: { entry: Entry }) {
  const place = placeOf(entry.subject_id);
  const { customer } = entry;
  const isCustomer = customer?.id === entry.subject_id;
  return (
    <>
      <span className="break">{entry.says}</span>
      <span className="cell-under">
        {place && !isCustomer && (
          <Link to={place.to} {...(place.search ? { search: place.search } : {})}>
            {entry.subject_name}
          </Link>
        )}
        {customer && (
          <>
            {place && !isCustomer && ' · '}
            <Link to={`/customers/${customer.id}`}>{customer.name}</Link>
          </>
        )}
      </span>
      {entry.details.length > 0 && <Details entry={entry} />}
    </>
  );
}

const Details = ({ entry }: { entry: Entry }) => (
  <details className="audit-details">
    <summary aria-label={`Details: ${entry.says}`}>Details</summary>
    <dl>
      {entry.details.map(({ field, before, after }) => (
        <div key={field}>
          <dt>{field}</dt>
          <dd className="break">{before === undefined ? after : `${before} → ${after}`}</dd>
        </div>
      ))}
    </dl>
  </details>
);
