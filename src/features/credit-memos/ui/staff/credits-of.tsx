import { listCreditMemos } from '#features/credit-memos/api.ts';
import { CreditMemoTable } from '#features/credit-memos/ui/staff/credit-memo-table.tsx';
import { sum } from '#lib/money.ts';
import { ButtonLink } from '#ui/button-link.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Empty, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

/** The credit memos of one customer. */
export function CreditsOfCustomer({ customerId }: { customerId: string }) {
  const { can, money } = useFrame();
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
          <ButtonLink size="xs" to={`/credit-memos/new?customer_id=${customerId}`}>
            New credit memo
          </ButtonLink>
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
    </Sheet>
  );
}
