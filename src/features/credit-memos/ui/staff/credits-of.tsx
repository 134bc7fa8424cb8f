import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { listCreditMemos } from '#features/credit-memos/api.ts';
import { CreditMemoTable } from '#features/credit-memos/ui/staff/credit-memo-table.tsx';
import { NewCreditDialog } from '#features/credit-memos/ui/staff/new-credit-dialog.tsx';
import { sum } from '#lib/money.ts';
import { useFrame } from '#ui/frame.tsx';
import { Empty, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

/** The credit memos of one customer, and a new one. */
export function CreditsOfCustomer({ customerId, name }: { customerId: string; name: string }) {
  const { can, money } = useFrame();
  const [writing, write] = useDisclosure();
  const memos = useAsk(listCreditMemos, { query: { customer_id: customerId, limit: 50 } });
  const rows = memos.data?.data;
  const available = sum((rows ?? []).map((memo) => memo.available));
  const currency = rows?.[0]?.currency;
  return (
    <Sheet
      title={available > 0n ? `${money(available, currency)} of credit available` : 'Credit memos'}
      flush
      aside={
        can('invoices:write') && (
          <Button size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={write.open}>
            New credit memo
          </Button>
        )
      }
    >
      <Problem error={memos.error} onRetry={() => void memos.refetch()} />
      {!memos.error && (
        <CreditMemoTable
          rows={rows}
          ofOneCustomer
          empty={
            <Empty title="No credit memos">
              For goods that came back or work that was billed too high. The customer can use it when paying.
            </Empty>
          }
        />
      )}
      {writing && <NewCreditDialog customerId={customerId} name={name} onClose={write.close} />}
    </Sheet>
  );
}
