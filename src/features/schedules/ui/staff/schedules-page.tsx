import { IconRepeat } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import { listSchedules } from '#features/schedules/api.ts';
import { ScheduleTable } from '#features/schedules/ui/staff/schedule-table.tsx';
import { Chips, ListSearch } from '#ui/filters.tsx';
import { Listing } from '#ui/listing.tsx';
import { Empty, PageHead } from '#ui/page.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

export type SchedulesSearch = {
  q?: string;
  status?: 'paused' | 'stopped' | 'all';
  sort?: '-next_on' | 'amount' | '-amount';
};
type Props = {
  search: SchedulesSearch;
  onSearch: (change: { [K in keyof SchedulesSearch]?: SchedulesSearch[K] | undefined }) => void;
  /** Makes one: needs the pickers of other rooms. */
  create: ReactNode;
  /** Saved views of this list. */
  views: ReactNode;
};

/** What comes by itself: invoices and payments, once or again and again. */
export function SchedulesPage({ search, onSearch, create, views }: Props) {
  const trail = useTrail();
  const asked = { ...search, sort: search.sort ?? ('next_on' as const) };
  const schedules = useAsk(
    listSchedules,
    { query: { ...asked, starting_after: trail.after } },
    { keep: true },
  );
  const isFiltered = Boolean(search.q) || search.status !== undefined;
  return (
    <>
      <PageHead
        title="Schedules"
        actions={
          <>
            {views}
            <ExportList list="schedules" search={asked} />
            {create}
          </>
        }
      />
      <div className="toolbar">
        <Chips
          label="Which schedules"
          value={search.status ?? 'running'}
          options={[
            { value: 'running', label: 'Running only' },
            { value: 'paused', label: 'Paused' },
            { value: 'stopped', label: 'Stopped by themselves' },
            { value: 'all', label: 'All' },
          ]}
          onChange={(status) => onSearch({ status: status === 'running' ? undefined : status })}
        />
        <ListSearch
          label="Search schedules"
          placeholder="Description, customer or frequency"
          value={search.q ?? ''}
          onChange={(q) => onSearch({ q: q || undefined })}
        />
      </div>
      <Listing asked={schedules} trail={trail} noun="schedule">
        <ScheduleTable
          rows={schedules.data?.data}
          customer
          sort={{
            by: asked.sort,
            change: (by) =>
              onSearch({ sort: by === 'next_on' ? undefined : (by as SchedulesSearch['sort']) }),
          }}
          empty={
            <Empty
              title={isFiltered ? 'No schedule matches' : 'Nothing runs by itself yet'}
              icon={<IconRepeat size={22} stroke={1.5} />}
            >
              A schedule charges a stored payment method, or makes an invoice, on its dates. Make an invoice
              recurring on its own page.
            </Empty>
          }
        />
      </Listing>
    </>
  );
}
