import { Checkbox, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import { makeDeposit } from '#features/deposits/api.ts';
import type { zPayment } from '#features/payments/api.ts';
import { listPayments } from '#features/payments/report/api.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { DateField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

type Payment = z.output<typeof zPayment>;

/** Choose what is in hand: the total is what the bank will show. */
export function MakeDeposit({ onClose }: { onClose: () => void }) {
  const { money, today } = useFrame();
  const navigate = useNavigate();
  const inHand = useAsk(listPayments, { query: { status: 'undeposited', limit: 100 } });
  const make = useAct(makeDeposit);
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [on, setOn] = useState(today);
  const [memo, setMemo] = useState('');
  const rows = inHand.data?.data ?? [];
  const picked = rows.filter(({ id }) => ids.has(id));
  const total = picked.reduce((all, { amount }) => all + amount, 0n);
  const toggle = (id: string): void => {
    const next = new Set(ids);
    if (!next.delete(id)) next.add(id);
    setIds(next);
  };
  const run = async (): Promise<void> => {
    const payment_ids = picked.map(({ id }) => id);
    const body = { payment_ids, deposited_on: on, ...(memo.trim() ? { memo: memo.trim() } : {}) };
    const made = await make.run({ body }).catch(() => undefined);
    if (!made) return;
    onClose();
    tell(`Deposit of ${money(made.amount, made.currency)} recorded`);
    void navigate({ to: `/deposits/${made.id}` });
  };
  return (
    <FormDialog
      title="Record a deposit"
      opened
      onClose={onClose}
      onSubmit={run}
      submit={picked.length > 0 ? `Deposit ${money(total)}` : 'Deposit'}
      disabled={picked.length === 0}
      busy={make.busy}
      error={make.error}
      size="lg"
    >
      <Problem error={inHand.error} onRetry={() => void inHand.refetch()} />
      {inHand.data && rows.length === 0 && (
        <p className="note">
          Nothing is in hand: every check, cash and wire payment is in a deposit already.
        </p>
      )}
      {rows.length > 0 && <InHand rows={rows} ids={ids} onToggle={toggle} onAll={setIds} />}
      <div className="fields two">
        <DateField label="Taken to the bank on" value={on} onChange={setOn} max={today} />
        <TextInput label="Memo" value={memo} onChange={(event) => setMemo(event.currentTarget.value)} />
      </div>
    </FormDialog>
  );
}

type InHandProps = {
  rows: readonly Payment[];
  ids: ReadonlySet<string>;
  onToggle: (id: string) => void;
  onAll: (ids: ReadonlySet<string>) => void;
};

function InHand({ rows, ids, onToggle, onAll }: InHandProps) {
  const { money, date } = useFrame();
  return (
    <fieldset className="group">
      <legend>In hand</legend>
      <Checkbox
        label="All of these"
        checked={ids.size === rows.length}
        indeterminate={ids.size > 0 && ids.size < rows.length}
        onChange={() => onAll(new Set(ids.size === rows.length ? [] : rows.map(({ id }) => id)))}
      />
      <div className="stack tight scroll-list">
        {rows.map((payment) => (
          <Checkbox
            key={payment.id}
            checked={ids.has(payment.id)}
            onChange={() => onToggle(payment.id)}
            label={
              <span className="num">
                <strong>{money(payment.amount, payment.currency)}</strong> {payment.customer_name} ·{' '}
                {date(payment.received_on)}
                {payment.reference ? ` · ${payment.reference}` : ''}
              </span>
            }
          />
        ))}
      </div>
    </fieldset>
  );
}
