import { Link } from '@tanstack/react-router';
import { listReports } from '#features/reports/business/api.ts';
import { Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

const groups = [
  ['owed', 'Who owes what'],
  ['coming', 'What will come in'],
  ['earned', 'What was sold and paid'],
  ['customers', 'Customers'],
  ['work', 'How the work goes'],
] as const;

/** Every report under the question that it answers. */
export function ReportIndex() {
  const reports = useAsk(listReports);
  if (reports.error) return <Problem error={reports.error} onRetry={() => void reports.refetch()} />;
  return (
    <div className="report-index" aria-busy={!reports.data}>
      {groups.map(([group, title]) => {
        const own = (reports.data?.data ?? []).filter((report) => report.group === group);
        return own.length === 0 ? null : (
          <Sheet key={group} title={title}>
            <ul>
              {own.map((report) => (
                <li key={report.key}>
                  <Link to={`/reports/${report.key}`}>{report.title}</Link>
                  <p>{report.answers}</p>
                </li>
              ))}
            </ul>
          </Sheet>
        );
      })}
    </div>
  );
}
