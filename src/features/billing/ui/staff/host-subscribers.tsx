import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import { listSubscribers, type zSubscriber } from '#features/billing/api.ts';
import { meterWords } from '#features/billing/price-rules.ts';
import { addDays } from '#lib/dates.ts';
import { useFrame } from '#ui/frame.tsx';
import { Empty, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { State } from '#ui/state.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

type Subscriber = z.output<typeof zSubscriber>;
const perPage = 25;

/** Who has a plan. Of each the host sees its name and how much it used, nothing else. */
export function HostSubscribers() {
  const [trail, setTrail] = useState<string[]>([]);
  const after = trail.at(-1);
  const page = useAsk(
    listSubscribers,
    { query: { limit: perPage, ...(after ? { starting_after: after } : {}) } },
    { keep: true },
  );
  const rows = page.data?.data ?? [];
  const last = rows.at(-1)?.id;
  return (
    <Sheet title="Subscribers">
      <Problem error={page.error} onRetry={() => void page.refetch()} />
      {page.data && rows.length === 0 && (
        <Empty title="Nobody has a plan yet">
          Whoever takes one becomes a customer of yours, and is billed by an invoice like every other.
        </Empty>
      )}
      <ul className="plain-rows">
        {rows.map((row) => (
          <SubscriberRow key={row.id} row={row} />
        ))}
      </ul>
      {(trail.length > 0 || page.data?.has_more) && (
        <div className="row">
          <Button
            variant="default"
            size="xs"
            disabled={trail.length === 0}
            onClick={() => setTrail((before) => before.slice(0, -1))}
          >
            Newer
          </Button>
          <Button
            variant="default"
            size="xs"
            disabled={!page.data?.has_more || !last}
            onClick={() => last && setTrail((before) => [...before, last])}
          >
            Older
          </Button>
        </div>
      )}
    </Sheet>
  );
}

const states = {
  trial: { tone: 'accent', words: 'Trial' },
  active: { tone: 'good', words: 'Active' },
  ends: { tone: 'warn', words: 'Ends' },
} as const;

function SubscriberRow({ row }: { row: Subscriber }) {
  const { date, locale } = useFrame();
  const used = row.usage
    .map(({ meter, quantity }) => `${meterWords[meter].many} ${quantity.toLocaleString(locale)}`)
    .join(' · ');
  return (
    <li>
      <span>
        <Link to="/customers/$id" params={{ id: row.customer_id }}>
          {row.name}
        </Link>
        <span className="cell-under">
          {row.plan}, {date(row.starts_on)} to {date(addDays(row.ends_on, -1))}
        </span>
        <span className="cell-under num">{used || 'Nothing used up to yesterday'}</span>
      </span>
      <State tone={states[row.state].tone}>{states[row.state].words}</State>
    </li>
  );
}
