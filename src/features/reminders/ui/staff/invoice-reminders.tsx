import { Skeleton } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { getInvoiceReminders } from '#features/reminders/api.ts';
import { type ReminderType, reminderTypes, typeWords } from '#features/reminders/step-rules.ts';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

type Outlook = z.output<(typeof getInvoiceReminders)['reply']>;

/** Why a reminder of this invoice went or did not, and what comes next. */
export function InvoiceReminders({ invoiceId, newInvoice }: { invoiceId: string; newInvoice: ReactNode }) {
  const outlook = useAsk(getInvoiceReminders, { params: { id: invoiceId } });
  const { data } = outlook;
  return (
    <Sheet
      title="Sending and reminders"
      className="no-print"
      aside={data?.policy && <span className="fine">Policy: {data.policy.name}</span>}
    >
      {newInvoice}
      <Problem error={outlook.error} onRetry={() => void outlook.refetch()} />
      {!data && !outlook.error && <Skeleton height={120} radius="md" />}
      {data && (
        <div className="stack">
          <Standing outlook={data} />
          <FeeWarning outlook={data} />
          <History reminders={data.reminders} />
          {data.rules.length > 0 && <Rules rules={data.rules} />}
        </div>
      )}
    </Sheet>
  );
}

function Standing({ outlook }: { outlook: Outlook }) {
  const { standing, next, held } = outlook;
  const { date } = useFrame();
  if (held && standing === 'held')
    return (
      <div className="note" data-tone="warn" role="status">
        <p className="strong">{next ? `Held: ${lower(next.type)}, ${lowerFirst(next.step)}` : 'Held'}</p>
        <p>
          {held.words} {held.remedy && <Remedy remedy={held.remedy} />}
        </p>
      </div>
    );
  if (standing === 'goes' && next)
    return (
      <p>
        <span className="strong">{typeWords[next.type]}</span> goes with today’s run ({lowerFirst(next.step)}
        {next.formal && ', with a numbered letter'}).
      </p>
    );
  if (standing === 'waits' && next)
    return (
      <p>
        Next: <span className="strong">{typeWords[next.type]}</span> on{' '}
        <span className="num">{date(next.date)}</span> ({lowerFirst(next.step)}
        {next.formal && ', with a numbered letter'}).
      </p>
    );
  return <p>{held ? held.words : 'The policy has no further step for it.'}</p>;
}

function FeeWarning({ outlook: { next_fee_warning: next } }: { outlook: Outlook }) {
  const { date, money } = useFrame();
  if (!next) return null;
  return (
    <p>
      A late fee of {money(next.fee_amount)} on <span className="num">{date(next.fee_on)}</span> is warned of
      on <span className="num">{date(next.date)}</span>.
    </p>
  );
}

function Remedy({ remedy }: { remedy: { words: string; to: string } }) {
  const [to = '', query] = remedy.to.split('?');
  const search = query ? Object.fromEntries(new URLSearchParams(query)) : undefined;
  return (
    <Link to={to} {...(search ? { search } : {})}>
      {remedy.words}
    </Link>
  );
}

const isType = (type: string): type is ReminderType => (reminderTypes as readonly string[]).includes(type);
const words = (type: string): string => (isType(type) ? typeWords[type] : type);
const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
const lower = (type: ReminderType): string => lowerFirst(typeWords[type]);

function History({ reminders }: { reminders: Outlook['reminders'] }) {
  const { date, instant } = useFrame();
  if (reminders.length === 0) return <p className="fine">No reminder of it has gone yet.</p>;
  return (
    <ol className="timeline">
      {reminders.map((each) => (
        <li key={each.id} data-tone={each.state === 'sent' ? 'good' : 'neutral'}>
          <p>
            {words(each.type)}, {lowerFirst(each.step)}
            {each.message_ids.map((id, at) => (
              <span key={id}>
                {' · '}
                <Link to="/messages" search={{ id }}>
                  {at === 0 ? 'Message' : `Message ${at + 1}`}
                </Link>
              </span>
            ))}
            {each.document && (
              <>
                {' · '}
                <a href={`/v1/reminder-documents/${each.document.id}/pdf`} target="_blank" rel="noreferrer">
                  Letter {each.document.number}, level {each.document.level}
                </a>
              </>
            )}
          </p>
          <p className="fine num">
            {each.sent_at
              ? `Sent ${instant(each.sent_at)}`
              : `Held ${each.held_on ? date(each.held_on) : ''}`}
            {each.held_by &&
              `, ${each.state === 'sent' ? 'held before' : 'held'} by: ${ruleTitle(each.held_by)}`}
          </p>
        </li>
      ))}
    </ol>
  );
}

const ruleTitle = (rule: string): string => titles[rule] ?? rule.replaceAll('_', ' ');
const titles: Record<string, string> = {
  automatic_messages_live: 'automatic messages were off',
  invoice_open: 'the invoice was closed',
  balance_payable: 'a payment covered it',
  customer_takes_reminders: 'reminders were off for the customer',
  invoice_not_opted_out: 'reminders were off for the invoice',
  customer_active: 'the customer was inactive',
  customer_may_be_contacted: 'the customer is not to be contacted',
  channel_on: 'the type was off in every channel',
  address_good: 'there was no good address',
  no_open_dispute: 'a dispute',
  no_open_promise: 'a promise to pay',
  no_active_payment_plan: 'a payment plan',
  not_too_often: 'the limit of reminders to a customer',
  channel_rule: 'a rule of the channel, see the message',
};

/** Each rule that the run looks at, with its answer as of now. */
function Rules({ rules }: { rules: Outlook['rules'] }) {
  return (
    <details className="rules">
      <summary>Every rule that is looked at</summary>
      <ul>
        {rules.map(({ rule, ok, words: told }) => (
          <li key={rule} data-ok={ok}>
            {ok ? <IconCheck size={15} aria-label="Passed" /> : <IconX size={15} aria-label="Failed" />}
            <span>{told}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
