import type { ReportPageData } from '#features/reports/ui/staff/report-page.tsx';
import { isCalendarDate } from '#lib/dates.ts';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';

/** Bars beside their figures: what a chart says is also read out. */
export function ReportChart({ chart }: { chart: NonNullable<ReportPageData['chart']> }) {
  const { date, money, locale } = useFrame();
  const most = Math.max(1, ...chart.bars.map(({ value }) => Math.abs(value)));
  return (
    <Sheet>
      <dl className="report-bars">
        {chart.bars.map(({ label, value }) => (
          <div key={label}>
            <dt>{isCalendarDate(label) ? date(label) : label}</dt>
            <dd>
              <span className="report-bar" style={{ inlineSize: `${(Math.max(0, value) / most) * 70}%` }} />
              <span className="num">
                {chart.currency ? money(value, chart.currency) : value.toLocaleString(locale)}
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
