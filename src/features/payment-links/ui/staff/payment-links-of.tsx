import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import { listPaymentLinks } from '#features/payment-links/api.ts';
import { NewPaymentLinkDialog } from '#features/payment-links/ui/staff/new-payment-link-dialog.tsx';
import { PaymentLinkTable } from '#features/payment-links/ui/staff/payment-link-table.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

/** The payment links made for one customer, and a new one. */
export function PaymentLinksOfCustomer({ customerId, email }: { customerId: string; email: string | null }) {
  const { can } = useFrame();
  const [making, make] = useDisclosure();
  const links = useAsk(listPaymentLinks, { query: { customer_id: customerId, limit: 50 } });
  return (
    <Sheet
      title="Payment links"
      flush
      aside={
        <>
          <ExportList small list="payment_links" search={{ customer_id: customerId }} />
          {can('payments:write') && (
            <Button size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={make.open}>
              New payment link
            </Button>
          )}
        </>
      }
    >
      <Problem error={links.error} onRetry={() => void links.refetch()} />
      {!links.error && <PaymentLinkTable rows={links.data?.data} />}
      {making && <NewPaymentLinkDialog customerId={customerId} email={email} onClose={make.close} />}
    </Sheet>
  );
}
