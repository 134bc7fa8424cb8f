import { Select } from '@mantine/core';
import { useCallback } from 'react';
import { listAuditActors } from '#features/audit-log/api.ts';
import { kindWords } from '#features/audit-log/event-rules.ts';
import { type Area, areaNames, areas, kindsOf } from '#features/audit-log/kind-rules.ts';
import { DateRange, ListSearch } from '#ui/filters.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

export type AuditSearch = {
  [K in 'q' | 'kind' | 'actor_id' | 'from' | 'to']?: string | undefined;
} & { area?: Area | undefined };

const areaChoices = areaNames.map((value) => ({ value, label: areas[value].title }));
const kindsByArea = areaNames.map((area) => ({
  area,
  group: areas[area].title,
  items: kindsOf(area).map((value) => ({ value, label: kindWords(value) })),
}));

/** What was done, on what, by whom, and when. */
export function AuditFilters({
  search,
  onSearch,
}: {
  search: AuditSearch;
  onSearch: (change: AuditSearch) => void;
}) {
  const actors = useAsk(listAuditActors);
  const find = useCallback((q: string) => onSearch({ q: q || undefined }), [onSearch]);
  const { area } = search;
  const kinds = kindsByArea
    .filter((each) => !area || each.area === area)
    .map(({ group, items }) => ({ group, items }));
  const people = (actors.data?.data ?? []).map(({ id, kind, name }) => ({
    value: id,
    label: kind === 'api_key' ? `API key ${name}` : name,
  }));
  return (
    <>
      <div className="toolbar">
        <ListSearch
          label="Search the audit log"
          placeholder="Invoice number, customer or id"
          value={search.q ?? ''}
          onChange={find}
        />
        <DateRange word="Happened" from={search.from} to={search.to} onChange={onSearch} />
      </div>
      <div className="toolbar second">
        <Select
          className="filter-choice"
          aria-label="What it was on"
          placeholder="Anything"
          data={areaChoices}
          clearable
          value={area ?? null}
          onChange={(value) => onSearch({ area: areaNames.find((each) => each === value), kind: undefined })}
        />
        <Select
          className="filter-choice"
          aria-label="Kind of act"
          placeholder="Any kind of act"
          data={kinds}
          searchable
          clearable
          value={search.kind ?? null}
          onChange={(kind) => onSearch({ kind: kind ?? undefined })}
        />
        <Select
          className="filter-choice"
          aria-label="Who did it"
          placeholder="Anybody"
          data={people}
          searchable
          clearable
          value={search.actor_id ?? null}
          onChange={(actor) => onSearch({ actor_id: actor ?? undefined })}
        />
      </div>
    </>
  );
}
