import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { getNoticeStop, stopNotice } from '#features/notifications/api.ts';
import { noticeKindNames } from '#features/notifications/notice-rules.ts';
import { useTitle } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

const kinds = ['digest', ...noticeKindNames] as const;

/** Behind the link at the foot of a notice. One press, no sign-in; a scanner stops nothing. */
export function StopMailsPage({ token, kind, more }: { token: string; kind: string; more: ReactNode }) {
  useTitle('Stop these mails');
  const stop = { token, kind: kinds.find((each) => each === kind) ?? 'digest' };
  const asked = useAsk(getNoticeStop, { query: stop });
  const act = useAct(stopNotice, { readAgain: false });
  const [isDone, setDone] = useState(false);
  const press = () =>
    act.run({ body: stop }).then(
      () => setDone(true),
      () => undefined,
    );
  if (asked.error) return <Problem error={asked.error} />;
  if (!asked.data) return null;
  const { title, email, organization_name } = asked.data;
  if (isDone)
    return (
      <>
        <h1>Stopped</h1>
        <p className="door-lead">
          {email} gets no more mails of {organization_name} about this. The news stays under the bell in Owed.
        </p>
        {more}
      </>
    );
  return (
    <>
      <h1>Stop these mails?</h1>
      <p className="door-lead">
        “{title}” of {organization_name}, sent to {email}. You can choose it again in the settings.
      </p>
      <Problem error={act.error} />
      <Button size="md" loading={act.busy} onClick={() => void press()}>
        Stop these mails
      </Button>
    </>
  );
}
