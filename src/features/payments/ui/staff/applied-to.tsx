import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { unapplyPayment } from '#features/payments/api.ts';
import { isInProgress } from '#features/payments/rules.ts';
import { ApplyDialog } from '#features/payments/ui/staff/apply-dialog.tsx';
import type { Payment } from '#features/payments/ui/staff/payment-words.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';

function appliedTitle(state: Payment['state']): string {
  if (isInProgress(state)) return 'Meant for';
  if (state === 'declined' || state === 'voided') return 'Was meant for';
  return state === 'returned' ? 'Had been applied to' : 'Applied to';
}

const applicationWords = { reserved: 'Held until it settles', applied: 'Applied', ended: 'Ended' };
type Application = NonNullable<Payment['applications']>[number];

/** What the payment is put against, and the way onto an invoice and off one again. */
export function AppliedTo({ payment }: { payment: Payment }) {
  const { can } = useFrame();
  const [applying, apply] = useDisclosure();
  const [leaving, leave] = useState<Application>();
  const applications = payment.applications ?? [];
  const stands = payment.posted_at !== null && payment.ended_at === null;
  const mayChange = stands && can('payments:write');
  return (
    <Sheet
      title={appliedTitle(payment.state)}
      flush
      aside={
        mayChange &&
        payment.unapplied > 0n && (
          <Button size="xs" variant="default" onClick={apply.open}>
            Apply to invoices
          </Button>
        )
      }
    >
      {applications.length === 0 ? (
        <p className="sheet-none fine">Not applied to any invoice.</p>
      ) : (
        <Applications
          applications={applications}
          currency={payment.currency}
          {...(mayChange ? { onTakeOff: leave } : {})}
        />
      )}
      {applying && <ApplyDialog payment={payment} onClose={apply.close} />}
      {leaving && <TakeOff payment={payment} application={leaving} onClose={() => leave(undefined)} />}
    </Sheet>
  );
}

type TableProps = {
  applications: readonly Application[];
  currency: string;
  onTakeOff?: (application: Application) => void;
};

function Applications({ applications, currency, onTakeOff }: TableProps) {
  const { money } = useFrame();
  return (
    <table className="lines">
      <thead>
        <tr>
          <th scope="col">Invoice</th>
          <th scope="col">State</th>
          <th scope="col" data-align="end">
            Amount
          </th>
        </tr>
      </thead>
      <tbody>
        {applications.map((each, index) => (
          <tr key={index}>
            <td>
              <Link to={`/invoices/${each.invoice_id}`} className="row-link num">
                {each.invoice_number}
              </Link>
            </td>
            <td>
              {applicationWords[each.state]}
              {each.state === 'applied' && onTakeOff && (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  ml="xs"
                  aria-label={`Take off ${each.invoice_number}`}
                  onClick={() => onTakeOff(each)}
                >
                  Take off
                </Button>
              )}
            </td>
            <td data-align="end">{money(each.amount, currency)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type TakeOffProps = { payment: Payment; application: Application; onClose: () => void };

function TakeOff({ payment, application, onClose }: TakeOffProps) {
  const { money } = useFrame();
  const act = useAct(unapplyPayment);
  const { invoice_id, invoice_number: number } = application;
  const submit = async (): Promise<void> => {
    await act.run({ params: { id: payment.id }, body: { invoice_id } }).then(
      () => {
        onClose();
        tell(`Taken off ${number}`, 'The invoice is open again, the money is unapplied cash.');
      },
      () => undefined,
    );
  };
  return (
    <FormDialog
      title={`Take this payment off ${number}?`}
      opened
      onClose={onClose}
      onSubmit={submit}
      submit={`Take it off ${number}`}
      busy={act.busy}
      error={act.error}
    >
      <p>
        All that this payment brought to {number} is owed again. The money stays with {payment.customer_name}{' '}
        as unapplied cash, of which {money(payment.unapplied, payment.currency)} is there now, and can be
        applied again.
      </p>
    </FormDialog>
  );
}
