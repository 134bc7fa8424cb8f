import { Button, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown } from '@tabler/icons-react';
import { ChargeDialog } from '#features/payments/ui/staff/charge-dialog.tsx';
import { RecordDialog } from '#features/payments/ui/staff/record-dialog.tsx';
import type { NewMethodSlot } from '#features/payments/ui/staff/use-charging.ts';
import { useFrame } from '#ui/frame.tsx';

/** What the dialogs need to know of the invoice that is being paid. */
export type InvoiceToCollect = {
  id: string;
  number: string;
  customer_id: string;
  customer_name: string;
  currency: string;
  payable_now: bigint;
};

type Props = { invoice: InvoiceToCollect; newMethod: NewMethodSlot };

export function CollectActions({ invoice, newMethod }: Props) {
  const { can } = useFrame();
  const [recording, record] = useDisclosure();
  const [charging, charge] = useDisclosure();
  if (!can('payments:write') || invoice.payable_now <= 0n) return null;
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
            Take payment
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={record.open}>Record a check, cash or wire</Menu.Item>
          <Menu.Item onClick={charge.open}>Charge a card or bank account</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {recording && <RecordDialog invoice={invoice} onClose={record.close} />}
      {charging && <ChargeDialog invoice={invoice} newMethod={newMethod} onClose={charge.close} />}
    </>
  );
}
