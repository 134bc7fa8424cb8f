import { Button, Menu, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconReceipt } from '@tabler/icons-react';
import { getCustomer } from '#features/customers/api.ts';
import { type Payment, sendReceipt } from '#features/payments/api.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { emailLike, useFields } from '#ui/use-fields.ts';

const receiptStates = new Set(['approved', 'settling', 'settled', 'submitted', 'accepted', 'collected']);

/** The receipt to print, and to mail once more. */
export function ReceiptMenu({ payment }: { payment: Payment }) {
  const { can } = useFrame();
  const [sending, send] = useDisclosure();
  if (!receiptStates.has(payment.state)) return null;
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<IconReceipt size={16} aria-hidden />}
            rightSection={<IconChevronDown size={14} aria-hidden />}
          >
            Receipt
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            component="a"
            href={`/v1/payments/${encodeURIComponent(payment.id)}/receipt`}
            target="_blank"
            rel="noopener"
          >
            Open to print
          </Menu.Item>
          {can('payments:write') && <Menu.Item onClick={send.open}>Send by e-mail</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {sending && <SendDialog payment={payment} onClose={send.close} />}
    </>
  );
}

function SendDialog({ payment, onClose }: { payment: Payment; onClose: () => void }) {
  const act = useAct(sendReceipt);
  const customer = useAsk(getCustomer, { params: { id: payment.customer_id } });
  const known = payment.payer.email ?? customer.data?.email ?? '';
  const form = useFields(
    { to: null as string | null },
    { to: (text) => emailLike('Give the address that it goes to')(text ?? known) },
  );
  const submit = form.submit(async ({ to }) => {
    const sent = await act.run({ params: { id: payment.id }, body: { to: (to ?? known).trim() } });
    onClose();
    tell('The receipt is on its way', sent.to.join(', '));
  });
  return (
    <FormDialog
      title="Send the receipt"
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Send"
      busy={act.busy}
      error={act.error}
    >
      <TextInput
        label="To"
        name="to"
        type="email"
        required
        value={form.values.to ?? known}
        error={form.errors.to}
        onChange={(event) => form.set('to', event.currentTarget.value)}
      />
      <p className="fine">It says how the payment stands now, also where receipts are switched off.</p>
    </FormDialog>
  );
}
