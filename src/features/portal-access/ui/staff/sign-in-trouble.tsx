import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import { updateCustomer } from '#features/customers/api.ts';
import { helpPortalPerson, inviteCustomers, listPortalPeople } from '#features/portal-access/api.ts';
import type { Remedy } from '#features/portal-access/sign-in-trouble-rules.ts';
import { useFrame } from '#ui/frame.tsx';
import { Facts, Sheet } from '#ui/page.tsx';
import { Problem, tell, tellProblem } from '#ui/problem.tsx';
import { State, type Tone } from '#ui/state.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

type People = z.output<typeof listPortalPeople.reply>;
type Person = People['data'][number];

/** Why can't they sign in: for each person of a customer, with what was mailed and what helps. */
export function SignInTrouble({
  customerId,
  onChangeAddress,
}: {
  customerId: string;
  onChangeAddress: () => void;
}) {
  const people = useAsk(listPortalPeople, { params: { id: customerId } });
  return (
    <Sheet title="Why can’t they sign in?">
      <Problem error={people.error} onRetry={() => void people.refetch()} />
      <div className="stack loose">
        {people.data?.data.map((person) => (
          <OnePerson
            key={person.portal_user_id ?? 'nobody'}
            person={person}
            customerId={customerId}
            onChangeAddress={onChangeAddress}
          />
        ))}
        {people.data && <Mails mails={people.data.mails} />}
      </div>
    </Sheet>
  );
}

type PersonProps = { person: Person; customerId: string; onChangeAddress: () => void };

function OnePerson({ person, customerId, onChangeAddress }: PersonProps) {
  const { instant, can } = useFrame();
  return (
    <div className="stack">
      <div>
        <p className="strong">{person.title}</p>
        <p>{person.why}</p>
      </div>
      <Facts
        facts={[
          {
            label: person.portal_user_id ? 'Login' : 'Address on the record',
            value: person.email ? <span className="break">{person.email}</span> : 'None',
          },
          {
            label: 'Last sign-in',
            value: person.last_sign_in_at ? instant(person.last_sign_in_at) : 'Never',
          },
          { label: 'Wrong passwords', value: <span className="num">{person.failed_sign_ins}</span> },
          {
            label: 'Last wrong try',
            value: person.last_try_at ? instant(person.last_try_at) : 'None of late',
          },
          ...(person.locked_until ? [{ label: 'Locked until', value: instant(person.locked_until) }] : []),
        ]}
      />
      {can('customers:write') && (
        <Remedies person={person} customerId={customerId} onChangeAddress={onChangeAddress} />
      )}
    </div>
  );
}

const labels: Record<Remedy, string> = {
  invite: 'Send invitation',
  unlock: 'Unlock',
  send_reset: 'Mail a new-password link',
  send_confirmation: 'Send the confirmation again',
  change_address: 'Change the address',
  activate: 'Activate the customer',
};

function Remedies({ person, customerId, onChangeAddress }: PersonProps) {
  const help = useAct(helpPortalPerson);
  const invite = useAct(inviteCustomers);
  const update = useAct(updateCustomer);
  const busy = help.busy || invite.busy || update.busy;
  const params = { id: customerId };
  const run = async (remedy: Remedy): Promise<void> => {
    if (remedy === 'change_address') return onChangeAddress();
    if (remedy === 'activate') {
      await update.run({ params, body: { active: true } });
      return tell('The customer is active again');
    }
    if (remedy === 'invite') {
      const { skipped } = await invite.run({ body: { customer_ids: [customerId] } });
      if (skipped[0]) throw new Error(skipped[0].reason);
      return tell(`Invitation sent to ${person.email}`);
    }
    const { portal_user_id: portalUserId } = person;
    if (!portalUserId) return undefined;
    await help.run({ params, body: { portal_user_id: portalUserId, remedy } });
    return tell(remedy === 'unlock' ? 'Unlocked' : `Mailed to ${person.email}`);
  };
  return (
    <div className="row">
      {person.remedies.map((remedy, at) => (
        <Button
          key={remedy}
          size="xs"
          variant={at === 0 ? 'filled' : 'default'}
          loading={busy}
          onClick={() => void run(remedy).catch(tellProblem)}
        >
          {labels[remedy]}
        </Button>
      ))}
    </div>
  );
}

const mailStates: Record<string, [words: string, tone: Tone]> = {
  queued: ['On its way', 'neutral'],
  sent: ['Sent', 'neutral'],
  delivered: ['Delivered', 'good'],
  soft_bounced: ['Not taken for now', 'warn'],
  bounced: ['Bounced', 'bad'],
  complained: ['Marked as spam', 'bad'],
  failed: ['Failed', 'bad'],
  suppressed: ['Held back', 'warn'],
};

function Mails({ mails }: { mails: People['mails'] }) {
  const { instant } = useFrame();
  if (mails.length === 0) return <p className="fine">Nothing was mailed about signing in yet.</p>;
  return (
    <div>
      <p className="strong">Mailed about signing in</p>
      <ul className="family">
        {mails.map(({ message_id: id, subject, state, error, created_at: at }) => {
          const [words, tone] = mailStates[state] ?? [state, 'neutral'];
          return (
            <li key={id}>
              <span className="break">
                <Link to="/messages" search={{ id }}>
                  {subject}
                </Link>
                <span className="cell-under">
                  {instant(at)}
                  {error && ` · ${error}`}
                </span>
              </span>
              <State tone={tone}>{words}</State>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
