import { Button, Skeleton } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { exploreSample, getInstallation } from '#features/users/first-start/api.ts';
import { Door } from '#features/users/ui/staff/door.tsx';
import { SetUpForm } from '#features/users/ui/staff/set-up-form.tsx';
import { Empty, useTitle } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

type Props = { token: string; onDone: () => void; signIn: ReactNode };

/** The first page ever: look around with a company that is made up, or begin with one's own. */
export function FirstStartPage({ token, onDone, signIn }: Props) {
  const installation = useAsk(getInstallation, { query: { token } }, { enabled: token !== '' });
  const [settingUp, setSettingUp] = useState(false);
  useTitle('Welcome');
  if (token === '' || installation.error || installation.data?.open === false) {
    return (
      <Door>
        <Empty
          title={
            installation.data?.open === false ? 'Owed is set up already' : 'This link does not open anything'
          }
          action={signIn}
        >
          {installation.error?.message ??
            'Use the link that Owed printed when it started. It works until somebody has an account.'}
        </Empty>
      </Door>
    );
  }
  if (!installation.data)
    return (
      <Door wide>
        <Skeleton height={320} radius="lg" />
      </Door>
    );
  if (settingUp) return <SetUpForm token={token} onDone={onDone} onBack={() => setSettingUp(false)} />;
  return <TwoDoors token={token} onDone={onDone} onSetUp={() => setSettingUp(true)} />;
}

function TwoDoors({ token, onDone, onSetUp }: { token: string; onDone: () => void; onSetUp: () => void }) {
  const explore = useAct(exploreSample, { readAgain: false });
  const enter = async (): Promise<void> => {
    try {
      await explore.run({ body: { token } });
      onDone();
    } catch {
      // Shown below, where the button is.
    }
  };
  return (
    <Door wide>
      <h1>Get paid for what you have already done</h1>
      <p className="door-lead">
        Owed sends your invoices, lets customers pay from the mail, and applies what arrives. How would you
        like to begin?
      </p>
      <div className="doors">
        <section className="door-card">
          <h2>Explore with a sample company</h2>
          <p>A furnished business with customers, invoices of every age and payments under way.</p>
          <Points
            points={[
              'Two years of history to look around in',
              'No mail leaves, no money moves',
              'Move its clock and watch what happens',
            ]}
          />
          <Button
            className="go"
            size="md"
            variant="default"
            loading={explore.busy}
            onClick={() => void enter()}
          >
            Explore the sample
          </Button>
          <p className="fine" role="status">
            {explore.busy && 'Writing two years of its history. This takes about half a minute.'}
          </p>
          <Problem error={explore.error} />
        </section>
        <section className="door-card">
          <h2>Set up my business</h2>
          <p>
            Your name, your logo, your currency. About two minutes; everything but the currency can be changed
            later.
          </p>
          <Points
            points={[
              'Begin in practice mode, or live',
              'Bring customers and invoices in from a file',
              'Your data stays on this machine',
            ]}
          />
          <Button className="go" size="md" onClick={onSetUp}>
            Set up my business
          </Button>
        </section>
      </div>
    </Door>
  );
}

const Points = ({ points }: { points: string[] }) => (
  <ul>
    {points.map((point) => (
      <li key={point}>
        <IconCheck size={16} aria-hidden />
        {point}
      </li>
    ))}
  </ul>
);
