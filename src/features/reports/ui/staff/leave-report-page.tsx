import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { getReportLeave, leaveReport } from '#features/reports/business/api.ts';
import { useTitle } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

/** Behind the link at the foot of a report by mail. One press, no sign-in; a scanner stops nothing. */
export function LeaveReportPage({ token, more }: { token: string; more: ReactNode }) {
  useTitle('Stop this mail');
  const asked = useAsk(getReportLeave, { query: { token } });
  const act = useAct(leaveReport);
  if (asked.error) return <Problem error={asked.error} />;
  if (!asked.data) return null;
  const { title, email, organization_name, left } = asked.data;
  if (left)
    return (
      <>
        <h1>Stopped</h1>
        <p className="door-lead">
          {email} no longer gets “{title}” of {organization_name}. Whoever set it up can add the address
          again.
        </p>
        {more}
      </>
    );
  return (
    <>
      <h1>Stop this mail?</h1>
      <p className="door-lead">
        “{title}” of {organization_name}, sent to {email}.
      </p>
      <Problem error={act.error} />
      <Button
        size="md"
        loading={act.busy}
        onClick={() => void act.run({ body: { token } }).catch(() => undefined)}
      >
        Stop this mail
      </Button>
    </>
  );
}
