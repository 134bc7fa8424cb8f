import { Button, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconLink, IconPlus } from '@tabler/icons-react';
import { removePaymentMethod, setDefaultPaymentMethod } from '#features/payment-methods/api.ts';
import { AddMethodDialog } from '#features/payment-methods/ui/staff/add-method-dialog.tsx';
import { LinkDialog } from '#features/payment-methods/ui/staff/link-dialog.tsx';
import type { PaymentMethod } from '#features/payments/ui/staff/payment-words.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { tell, tellProblem } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';

/** Above the list: enter a method, or let the customer do it. */
export function AddMethodActions({ customerId }: { customerId: string }) {
  const [adding, add] = useDisclosure();
  const [inviting, invite] = useDisclosure();
  return (
    <>
      <Button variant="default" leftSection={<IconLink size={16} aria-hidden />} onClick={invite.open}>
        Send a link
      </Button>
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={add.open}>
        Add method
      </Button>
      {adding && <AddMethodDialog customerId={customerId} onClose={add.close} />}
      {inviting && <LinkDialog about={{ customerId }} onClose={invite.close} />}
    </>
  );
}

/** What can be done with one method, as it stands. */
export function MethodMenu({ method, name }: { method: PaymentMethod; name: string }) {
  const [removing, remove] = useDisclosure();
  const [signing, sign] = useDisclosure();
  const setDefault = useAct(setDefaultPaymentMethod);
  const makeDefault = (): void => {
    setDefault
      .run({ params: { id: method.id } })
      .then(() => tell(`${name} stands first from now on`), tellProblem);
  };
  const isUsable = method.state === 'active';
  return (
    <>
      <Menu position="bottom-end" width={230}>
        <Menu.Target>
          <Button variant="subtle" color="gray" px={8} size="compact-md" aria-label={`Actions for ${name}`}>
            <IconDots size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {isUsable && !method.is_default && <Menu.Item onClick={makeDefault}>Make default</Menu.Item>}
          {method.state === 'needs_authorization' && (
            <Menu.Item onClick={sign.open}>Ask for a signature</Menu.Item>
          )}
          {isUsable && method.kind === 'bank_account' && (
            <Menu.Item component="a" href={`/v1/payment-methods/${method.id}/authorization`} target="_blank">
              Open the authorization
            </Menu.Item>
          )}
          <Menu.Item color="brick" onClick={remove.open}>
            Remove
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {removing && <RemoveDialog method={method} name={name} onClose={remove.close} />}
      {signing && <LinkDialog about={{ methodId: method.id }} onClose={sign.close} />}
    </>
  );
}

type RemoveProps = { method: PaymentMethod; name: string; onClose: () => void };

function RemoveDialog({ method, name, onClose }: RemoveProps) {
  const remove = useAct(removePaymentMethod);
  const submit = (): Promise<void> =>
    remove.run({ params: { id: method.id } }).then(
      () => {
        tell(`${name} is removed`);
        onClose();
      },
      () => undefined,
    );
  return (
    <FormDialog
      title={`Remove ${name}?`}
      opened
      onClose={onClose}
      onSubmit={submit}
      submit="Remove"
      danger
      busy={remove.busy}
      error={remove.error}
    >
      <p>It can no longer be charged, here or by the customer. Past payments keep its last four digits.</p>
    </FormDialog>
  );
}
