import { Skeleton } from '@mantine/core';
import { useState } from 'react';
import { listInvoices } from '#features/invoices/api.ts';
import { applyPayment } from '#features/payments/api.ts';
import { ShareTable, sharesOf, shareTotal, typedShares } from '#features/payments/ui/staff/share-table.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

type Props = {
  payment: { id: string; customer_id: string; customer_name: string; currency: string; unapplied: bigint };
  onClose: () => void;
};

/** Puts unapplied cash against open invoices of its customer: the oldest are filled in first. */
export function ApplyDialog({ payment, onClose }: Props) {
  const { money, locale } = useFrame();
  const { currency, unapplied } = payment;
  const apply = useAct(applyPayment);
  const invoices = useAsk(listInvoices, {
    query: { customer_id: payment.customer_id, status: 'open', sort: 'due_date', limit: 50 },
  });
  const open = invoices.data?.data.filter((invoice) => invoice.payable_now > 0n) ?? [];
  const [typed, setTyped] = useState<Record<string, string>>();
  const shown = typed ?? typedShares(open, unapplied, { currency, locale });
  const shares = sharesOf(open, shown, { currency, locale });
  const total = shareTotal(shares);
  const fits = shares !== undefined && total > 0n && total <= unapplied;
  const submit = async (): Promise<void> => {
    if (!shares || !fits) return;
    await apply.run({ params: { id: payment.id }, body: { applications: shares } }).then(
      () => {
        onClose();
        tell(`${money(total, currency)} applied`);
      },
      () => undefined,
    );
  };
  return (
    <FormDialog
      title={`Apply ${money(unapplied, currency)} to invoices`}
      size="lg"
      opened
      onClose={onClose}
      busy={apply.busy}
      disabled={!fits}
      error={apply.error}
      {...(open.length > 0 ? { onSubmit: submit, submit: `Apply ${money(total, currency)}` } : {})}
    >
      {invoices.isPending && <Skeleton height={96} />}
      <Problem error={invoices.error} />
      {invoices.data && open.length === 0 && (
        <p>{payment.customer_name} has no open invoice that can be paid now.</p>
      )}
      {open.length > 0 && (
        <ShareTable
          invoices={open}
          currency={currency}
          typed={shown}
          onType={setTyped}
          sum={total}
          {...(total > unapplied ? { fault: `at most ${money(unapplied, currency)} is unapplied` } : {})}
        />
      )}
    </FormDialog>
  );
}
