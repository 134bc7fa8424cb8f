import { Button, Switch } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { getInvoiceLateFees, waiveNextLateFee } from '#features/late-fees/api.ts';
import type { LateFeeBooking } from '#features/late-fees/rules.ts';
import { RemoveDialog, WaiveDialog } from '#features/late-fees/ui/staff/late-fee-dialogs.tsx';
import { type LateFeeShown, LateFeeState } from '#features/late-fees/ui/staff/late-fee-words.tsx';
import { noLateFeeWords } from '#features/late-fees/word-rules.ts';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tellProblem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

type Props = { invoice: { id: string; currency: string; customer_id: string; balance_due: bigint } };

/** The late fees of an invoice: those that were, the next, and what may be done about either. */
export function LateFeesCard({ invoice }: Props) {
  const asked = useAsk(getInvoiceLateFees, { params: { id: invoice.id } });
  const { can } = useFrame();
  const [removing, setRemoving] = useState<LateFeeShown>();
  if (asked.error) return <Problem error={asked.error} onRetry={() => void asked.refetch()} />;
  if (!asked.data) return null;
  const { fees, next, none, waives_next: waivesNext } = asked.data;
  // Nothing was, and nothing will be: an invoice that is paid or under no terms needs no card.
  if (fees.length === 0 && (none === 'not_owed' || none === 'no_policy' || none === 'is_late_fee'))
    return null;
  return (
    <Sheet title="Late fees" className="no-print">
      <div className="stack">
        {fees.length > 0 && (
          <ul className="fee-rows">
            {fees.map((fee) => (
              <FeeLine
                key={fee.id}
                fee={fee}
                onRemove={
                  fee.state === 'posted' && can('invoices:write') ? () => setRemoving(fee) : undefined
                }
              />
            ))}
          </ul>
        )}
        {next ? (
          <Next invoice={invoice} next={next} waivesNext={waivesNext} />
        ) : (
          none && <p className="fine">{noLateFeeWords[none]}</p>
        )}
      </div>
      {removing && <RemoveDialog fee={removing} onClose={() => setRemoving(undefined)} />}
    </Sheet>
  );
}

function FeeLine({ fee, onRemove }: { fee: LateFeeShown; onRemove: (() => void) | undefined }) {
  const { money, date } = useFrame();
  return (
    <li>
      <div>
        <span className="num">{date(fee.fell_due_on)}</span>
        <LateFeeState fee={fee} />
        {fee.own_invoice_id && (
          <Link to={`/invoices/${fee.own_invoice_id}`} className="num">
            {fee.own_invoice_number}
          </Link>
        )}
        {fee.reason && <p className="fine break">{fee.reason}</p>}
      </div>
      <span className={fee.state === 'posted' ? 'num strong' : 'num none'}>
        {money(fee.amount, fee.currency)}
      </span>
      {onRemove && (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`Remove the late fee of ${date(fee.fell_due_on)}`}
          onClick={onRemove}
        >
          Remove
        </Button>
      )}
    </li>
  );
}

type NextProps = Props & {
  next: { on: string; amount: bigint; sequence: number; booking: LateFeeBooking };
  waivesNext: boolean;
};

function Next({ invoice, next, waivesNext }: NextProps) {
  const { money, date, can, today } = useFrame();
  const [waiving, setWaiving] = useState(false);
  const act = useAct(waiveNextLateFee);
  const setWaiver = (waive: boolean): void =>
    void act.run({ params: { id: invoice.customer_id }, body: { waive } }).catch(tellProblem);
  return (
    <>
      <div className="fee-next">
        <p>
          Next: <span className="strong num">{money(next.amount, invoice.currency)}</span>{' '}
          {next.on <= today ? 'with the next day’s work' : `on ${date(next.on)}`}
          {next.booking === 'own_invoice' && ', as an invoice of its own'}
        </p>
        {can('invoices:write') && (
          <Button size="compact-sm" variant="default" onClick={() => setWaiving(true)}>
            Waive
          </Button>
        )}
      </div>
      <Switch
        label="Waive this customer’s next late fee"
        description="Whichever invoice it falls on; once, then off again"
        checked={waivesNext}
        disabled={act.busy || !can('customers:write')}
        onChange={(event) => setWaiver(event.currentTarget.checked)}
      />
      {waiving && (
        <WaiveDialog
          invoiceId={invoice.id}
          currency={invoice.currency}
          next={next}
          onClose={() => setWaiving(false)}
        />
      )}
    </>
  );
}
