import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { TaxDialog } from '#features/taxes/ui/staff/tax-dialog.tsx';
import { useFrame } from '#ui/frame.tsx';

/** Beside lines that want a rate which is not there yet: added in place. */
export function AddTaxRate() {
  const { can } = useFrame();
  const [opened, door] = useDisclosure();
  if (!can('settings:write')) return null;
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={door.open}
      >
        Tax rate
      </Button>
      {opened && <TaxDialog onClose={door.close} />}
    </>
  );
}
