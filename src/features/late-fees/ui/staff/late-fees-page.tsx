import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import { forecastLateFees, listLateFees } from '#features/late-fees/api.ts';
import { ForecastTable, LateFeeTable } from '#features/late-fees/ui/staff/late-fee-table.tsx';
import type { LateFeeShown } from '#features/late-fees/ui/staff/late-fee-words.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { Chips } from '#ui/filters.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Listing } from '#ui/listing.tsx';
import { Empty, Figures, PageHead, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

export type LateFeesSearch = { state?: LateFeeShown['state'] | 'all' };
type View = NonNullable<LateFeesSearch['state']> | 'coming';
type Props = {
  search: LateFeesSearch;
  onSearch: (change: { state?: LateFeesSearch['state'] | undefined }) => void;
};

const views: { value: View; label: string }[] = [
  { value: 'coming', label: 'Tomorrow' },
  { value: 'all', label: 'All so far' },
  { value: 'posted', label: 'Posted' },
  { value: 'waived', label: 'Waived' },
  { value: 'removed', label: 'Removed' },
];

const noneWords = {
  posted: 'No late fee is posted',
  waived: 'No late fee was waived',
  removed: 'No late fee was removed',
} as const;

/** What will be charged tomorrow, and what was charged, let off and taken back. */
export function LateFeesPage({ search, onSearch }: Props) {
  return (
    <>
      <PageHead
        title="Late fees"
        actions={
          <>
            {search.state && (
              <ExportList
                list="late_fees"
                search={{ state: search.state === 'all' ? undefined : search.state }}
              />
            )}
            <ButtonLink variant="default" to="/settings" search={{ section: 'late_fees' }}>
              Late fee policy
            </ButtonLink>
          </>
        }
      />
      <div className="toolbar">
        <Chips
          label="Which late fees"
          value={search.state ?? 'coming'}
          options={views}
          onChange={(view) => onSearch({ state: view === 'coming' ? undefined : view })}
        />
      </div>
      {search.state ? <SoFar key={search.state} state={search.state} /> : <Coming />}
    </>
  );
}

function SoFar({ state }: { state: NonNullable<LateFeesSearch['state']> }) {
  const trail = useTrail();
  const fees = useAsk(
    listLateFees,
    { query: { ...(state === 'all' ? {} : { state }), starting_after: trail.after } },
    { keep: true },
  );
  return (
    <Listing asked={fees} trail={trail} noun="late fee">
      <LateFeeTable
        rows={fees.data?.data}
        empty={
          <Empty title={state === 'all' ? 'No late fees yet' : noneWords[state]}>
            What is posted, waived or removed stays here, with who did it and why.
          </Empty>
        }
      />
    </Listing>
  );
}

function Coming() {
  const { money, date, locale } = useFrame();
  const forecast = useAsk(forecastLateFees);
  if (forecast.error) return <Problem error={forecast.error} onRetry={() => void forecast.refetch()} />;
  const { data } = forecast;
  const more = data ? data.count - data.fees.length : 0;
  return (
    <>
      {data && data.count > 0 && (
        <Figures
          figures={[
            { label: `Posted by ${date(data.on)}, unless waived`, value: money(data.total, data.currency) },
            { label: 'Late fees', value: `${data.count}${data.partial ? ' and more' : ''}` },
          ]}
        />
      )}
      <Sheet flush>
        <ForecastTable
          rows={data?.fees}
          empty={
            <Empty title="Nothing to be posted tomorrow">
              Late fees that fall due by tomorrow stand here the day before, so that you can waive them in
              time.
            </Empty>
          }
        />
        {more > 0 && <p className="fine sheet-none">And {more.toLocaleString(locale)} more.</p>}
      </Sheet>
    </>
  );
}
