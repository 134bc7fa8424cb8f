import { Skeleton } from '@mantine/core';
import { useState } from 'react';
import { applyCredit } from '#features/credit-memos/api.ts';
import type { CreditMemo } from '#features/credit-memos/ui/staff/credit-memo-words.tsx';
import { listInvoices } from '#features/invoices/api.ts';
import { ShareTable, sharesOf, shareTotal, typedShares } from '#features/payments/ui/staff/share-table.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

/** Puts credit against open invoices of its customer. */
export function ApplyCreditDialog({ memo, onClose }: { memo: CreditMemo; onClose: () => void }) {
  const { money, locale } = useFrame();
  const { currency, available } = memo;
  const act = useAct(applyCredit);
  const invoices = useAsk(listInvoices, {
    query: { customer_id: memo.customer_id, status: 'open', sort: 'due_date', limit: 50 },
  });
  const open = invoices.data?.data.filter((invoice) => invoice.payable_now > 0n) ?? [];
  const [typed, setTyped] = useState<Record<string, string>>();
  const shown = typed ?? typedShares(open, available, { currency, locale });
  const shares = sharesOf(open, shown, { currency, locale });
  const total = shareTotal(shares);
  const fits = shares !== undefined && total > 0n && total <= available;
  const submit = async (): Promise<void> => {
    if (!shares || !fits) return;
    const done = await act
      .run({ params: { id: memo.id }, body: { applications: shares } })
      .catch(() => undefined);
    if (!done) return;
    onClose();
    tell(`${money(total, currency)} credited`);
  };
  return (
    <FormDialog
      title={`Apply ${memo.number}`}
      size="lg"
      opened
      onClose={onClose}
      busy={act.busy}
      disabled={!fits}
      error={act.error}
      {...(open.length > 0 ? { onSubmit: submit, submit: `Apply ${money(total, currency)}` } : {})}
    >
      {invoices.isPending && <Skeleton height={96} />}
      <Problem error={invoices.error} />
      {invoices.data && open.length === 0 && (
        <p>{memo.customer_name} has no open invoice that can be paid now.</p>
      )}
      {open.length > 0 && (
        <ShareTable
          invoices={open}
          currency={currency}
          typed={shown}
          onType={setTyped}
          sum={total}
          {...(total > available ? { fault: `at most ${money(available, currency)} is left` } : {})}
        />
      )}
    </FormDialog>
  );
}
