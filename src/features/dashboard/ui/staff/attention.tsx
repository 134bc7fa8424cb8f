import { IconCircleCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import { getAttention } from '#features/dashboard/api.ts';
import { mostCounted } from '#features/dashboard/rules.ts';
import type { Scope } from '#lib/endpoint.ts';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

type Key = Exclude<keyof z.output<typeof getAttention.reply>, 'object'>;
type Item = { words: string; to: string; search: Record<string, string>; scope: Scope; bad?: boolean };

/** The most pressing first: money, then what people do not know of, then what waits. */
const items: Record<Key, Item> = {
  payments_unanswered: {
    words: 'Charges without an answer from the gateway',
    to: '/payments',
    search: { status: 'in_progress' },
    scope: 'payments:read',
    bad: true,
  },
  gateway_problems: {
    words: 'Gateway problems',
    to: '/settings',
    search: { section: 'gateways' },
    scope: 'settings:read',
    bad: true,
  },
  deposit_exceptions: {
    words: 'Deposits that do not add up',
    to: '/deposits',
    search: { status: 'exceptions' },
    scope: 'payments:read',
    bad: true,
  },
  chargebacks: {
    words: 'Chargebacks without evidence',
    to: '/chargebacks',
    search: { status: 'open' },
    scope: 'payments:read',
    bad: true,
  },
  autopay_failed: {
    words: 'Autopay charges that failed',
    to: '/reports',
    search: { tab: 'autopay-declines' },
    scope: 'customers:read',
    bad: true,
  },
  mails_bounced: {
    words: 'E-mails that did not arrive',
    to: '/reports',
    search: { tab: 'bounced' },
    scope: 'customers:read',
    bad: true,
  },
  messages_failed: {
    words: 'Texts and letters that could not be sent',
    to: '/messages',
    search: { state: 'failed' },
    scope: 'messages:read',
    bad: true,
  },
  payment_plans: {
    words: 'Payment plans that wait for your answer',
    to: '/reports',
    search: { tab: 'plans' },
    scope: 'customers:read',
  },
  disputes: {
    words: 'Invoices in dispute',
    to: '/collections',
    search: { kind: 'dispute' },
    scope: 'customers:read',
  },
  promises_broken: {
    words: 'Promises to pay that were not kept',
    to: '/collections',
    search: { kind: 'broken_promise' },
    scope: 'customers:read',
  },
  schedules_stopped: {
    words: 'Schedules that stopped by themselves',
    to: '/schedules',
    search: { status: 'paused' },
    scope: 'payments:read',
  },
  tickets: {
    words: 'Questions that wait for an answer',
    to: '/tickets',
    search: {},
    scope: 'customers:read',
  },
  email_conflicts: {
    words: 'Customers who owe and have no e-mail address',
    to: '/reports',
    search: {},
    scope: 'customers:read',
  },
  paper_conflicts: {
    words: 'Letters that wait for a confirmed address',
    to: '/reports',
    search: { tab: 'paper' },
    scope: 'customers:read',
  },
};

/** What nobody but a person can put right, each with the list where that is done. */
export function Attention() {
  const attention = useAsk(getAttention, {}, { every_ms: 60_000 });
  if (!attention.data) return <Problem error={attention.error} onRetry={() => void attention.refetch()} />;
  const counts = attention.data;
  const waiting = (Object.keys(items) as Key[]).filter((key) => counts[key] > 0);
  return (
    <Sheet title="Needs somebody" className="attention">
      {waiting.length === 0 ? (
        <p className="row">
          <IconCircleCheck size={18} stroke={1.6} aria-hidden />
          Nothing waits for a person.
        </p>
      ) : (
        <ul>
          {waiting.map((key) => (
            <AttentionItem key={key} item={items[key]} count={counts[key]} />
          ))}
        </ul>
      )}
    </Sheet>
  );
}

function AttentionItem({ item, count }: { item: Item; count: number }) {
  const { can } = useFrame();
  const text = (
    <>
      <span className="num strong" data-tone={item.bad ? 'bad' : undefined}>
        {count < mostCounted ? count : `${mostCounted}+`}
      </span>
      <span className="attention-word">{item.words}</span>
    </>
  );
  return (
    <li>
      {can(item.scope) ? (
        <Link to={item.to} search={item.search}>
          {text}
        </Link>
      ) : (
        <span>{text}</span>
      )}
    </li>
  );
}
