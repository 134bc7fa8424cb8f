import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { CustomerDrawer } from '#features/customers/ui/staff/customer-drawer.tsx';
import { useFrame } from '#ui/frame.tsx';

/** Beside a choice of customers, for somebody who is none yet: added in place, and chosen. */
export function AddCustomer({ onAdded }: { onAdded: (id: string) => void }) {
  const { can } = useFrame();
  const [adding, add] = useDisclosure();
  if (!can('customers:write')) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={add.open}>
        New customer
      </Button>
      <CustomerDrawer opened={adding} onClose={add.close} onAdded={onAdded} />
    </>
  );
}
