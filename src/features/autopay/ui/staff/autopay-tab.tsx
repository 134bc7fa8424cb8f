import { Button, Skeleton } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import { getAutopay, listAutopayDeclines, stopAutopay, type zAutopay } from '#features/autopay/api.ts';
import { AutopayForm } from '#features/autopay/ui/staff/autopay-form.tsx';
import { DeclineTable } from '#features/autopay/ui/staff/decline-table.tsx';
import { endWords, problemWords, termSentences } from '#features/autopay/word-rules.ts';
import { methodName } from '#features/payments/ui/staff/payment-words.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell, tellProblem } from '#ui/problem.tsx';
import { State } from '#ui/state.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

export type AutopayShown = z.output<typeof zAutopay>;

/** Autopay of a customer: how it stands, its form, and what did not go through. */
export function AutopayTab({ customerId, currency }: { customerId: string; currency: string }) {
  const { can } = useFrame();
  const autopay = useAsk(getAutopay, { params: { id: customerId } });
  const [editing, setEditing] = useState(false);
  if (autopay.error) return <Problem error={autopay.error} onRetry={() => void autopay.refetch()} />;
  if (!autopay.data) return <Skeleton height={240} radius="lg" />;
  const { data } = autopay;
  if (data.paid_by)
    return (
      <Sheet title="Autopay">
        <p>
          This customer bills with {data.paid_by.name}, whose autopay pays its invoices. What is set here
          rests until it bills by itself.
        </p>
      </Sheet>
    );
  return (
    <div className="stack loose">
      <Sheet
        title="Autopay"
        aside={
          can('payments:write') &&
          !editing && (
            <Button variant="default" size="compact-sm" onClick={() => setEditing(true)}>
              {data.state === 'on' ? 'Change autopay' : 'Switch on'}
            </Button>
          )
        }
      >
        {editing ? (
          <AutopayForm autopay={data} currency={currency} onDone={() => setEditing(false)} />
        ) : (
          <Standing autopay={data} currency={currency} />
        )}
      </Sheet>
      <Declines customerId={customerId} />
    </div>
  );
}

function Standing({ autopay, currency }: { autopay: AutopayShown; currency: string }) {
  const { can, date, instant, locale } = useFrame();
  const stop = useAct(stopAutopay);
  const { state, method } = autopay;
  if (state !== 'on' || !method)
    return (
      <div className="stack">
        <div>
          <State tone="faint">Off</State>
        </div>
        <p>
          {autopay.ended_why && autopay.ended_at
            ? `Off since ${instant(autopay.ended_at)}: ${endWords[autopay.ended_why]}.`
            : 'Invoices of this customer wait to be paid.'}
        </p>
      </div>
    );
  const terms = {
    chargeWhen: autopay.charge_when,
    threshold: autopay.threshold,
    maximum: autopay.maximum_amount,
    noticeDays: autopay.notice_days,
  };
  const switchOff = (): void => {
    stop.run({ params: { id: autopay.customer_id } }).then(() => tell('Autopay is off'), tellProblem);
  };
  return (
    <div className="stack">
      <div className="row">
        <State tone="good">On</State>
        <strong>{methodName(method)}</strong>
      </div>
      {method.problem && <p className="note">{problemWords[method.problem]} Nothing is charged meanwhile.</p>}
      <div className="stack tight">
        {termSentences(terms, { currency, locale }).map((words) => (
          <p key={words}>{words}</p>
        ))}
      </div>
      {autopay.on_hold && (
        <p className="note">Your organization holds its messages. Nothing is charged until it goes live.</p>
      )}
      <p className="fine">
        {autopay.since && `For invoices issued or revised since ${instant(autopay.since)}. `}
        {autopay.next_charge_on
          ? `Next charge: ${date(autopay.next_charge_on)}.`
          : 'Nothing is due to be charged.'}
      </p>
      {can('payments:write') && (
        <div>
          <Button variant="default" loading={stop.busy} onClick={switchOff}>
            Switch off
          </Button>
        </div>
      )}
    </div>
  );
}

function Declines({ customerId }: { customerId: string }) {
  const declines = useAsk(listAutopayDeclines, { query: { customer_id: customerId } });
  if (!declines.data || declines.data.data.length === 0) return null;
  return (
    <Sheet title="Did not go through" flush>
      <DeclineTable rows={declines.data.data} empty={null} />
    </Sheet>
  );
}
