import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import { listEmailProblems, tryEmailAgain, type zEmailProblem } from '#features/reports/api.ts';
import { SendHeldMail } from '#features/reports/ui/staff/held-mail.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell, tellProblem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

type Problem = z.output<typeof zEmailProblem>;

const words: Record<Problem['kind'], string> = {
  hard_bounce: 'came back',
  complaint: 'was reported as spam',
  stopped: 'was declined by its reader',
};

/** On a customer whose address is no good: what happened, and the two ways out. */
export function EmailNotice({ customerId }: { customerId: string }) {
  const { can } = useFrame();
  const problems = useAsk(
    listEmailProblems,
    { params: { id: customerId } },
    { enabled: can('customers:read') },
  );
  const { data: found = [], held_mail: held = 0 } = problems.data ?? {};
  if (found.length === 0 && held === 0) return null;
  return (
    <div className="notices">
      {found.map((problem) => (
        <Notice key={problem.email} customerId={customerId} problem={problem} />
      ))}
      {found.length === 0 && <Missed customerId={customerId} mails={held} />}
    </div>
  );
}

/** The address works again: what it missed goes out by one click. */
function Missed({ customerId, mails }: { customerId: string; mails: number }) {
  const { can, count } = useFrame();
  return (
    <div className="problem" role="status">
      <p>{count(mails, 'mail')} did not reach this customer while mail came back.</p>
      {can('invoices:write') && <SendHeldMail customerIds={[customerId]} />}
    </div>
  );
}

function Notice({ customerId, problem }: { customerId: string; problem: Problem }) {
  const { can, instant } = useFrame();
  const again = useAct(tryEmailAgain);
  const run = async (): Promise<void> => {
    await again
      .run({ params: { id: customerId }, body: { email: problem.email } })
      .then(() => tell(`${problem.email} is written to again`), tellProblem);
  };
  return (
    <div className="problem" role="status">
      <div>
        <p>
          Mail to <span className="break">{problem.email}</span> {words[problem.kind]}: no further mail goes
          there until you give another address or try it again.
        </p>
        <p className="fine break">
          {instant(problem.since)}
          {problem.reason && ` · ${problem.reason}`}{' '}
          {problem.message_id && (
            <Link to="/messages" search={{ id: problem.message_id }}>
              See the mail
            </Link>
          )}
        </p>
      </div>
      {can('customers:write') && (
        <Button size="xs" variant="default" loading={again.busy} onClick={() => void run()}>
          Try again
        </Button>
      )}
    </div>
  );
}
