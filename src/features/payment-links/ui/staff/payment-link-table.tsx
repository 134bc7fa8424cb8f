import { Button, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { withdrawPaymentLink } from '#features/payment-links/api.ts';
import { type PaymentLink, PaymentLinkState } from '#features/payment-links/ui/staff/payment-link-words.tsx';
import { CopyButton } from '#ui/copy.tsx';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Empty } from '#ui/page.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';

export function PaymentLinkTable({ rows }: { rows: readonly PaymentLink[] | undefined }) {
  const columns: Column<PaymentLink>[] = [
    { key: 'for', title: 'For', slot: 'title', cell: ({ description }) => description },
    { key: 'to', title: 'Sent to', slot: 'detail', cell: ({ sent_to: to }) => to ?? 'Handed over' },
    { key: 'made', title: 'Made', slot: 'wide-only', width: '190px', cell: (link) => <Made link={link} /> },
    {
      key: 'state',
      title: 'State',
      slot: 'state',
      width: '120px',
      cell: ({ state }) => <PaymentLinkState state={state} />,
    },
    {
      key: 'amount',
      title: 'Amount',
      slot: 'amount',
      align: 'end',
      width: '140px',
      cell: (link) => <Amount link={link} />,
    },
    {
      key: 'actions',
      title: 'Actions',
      hideTitle: true,
      slot: 'detail',
      align: 'end',
      width: '220px',
      cell: (link) => <Actions link={link} />,
    },
  ];
  return (
    <DataTable
      label="Payment links"
      columns={columns}
      rows={rows}
      idOf={({ id }) => id}
      keys={false}
      toneOf={({ state }) => (state === 'withdrawn' || state === 'expired' ? 'faint' : undefined)}
      empty={
        <Empty title="No payment links">
          For money that has no invoice yet, such as a deposit. What is paid becomes unapplied cash.
        </Empty>
      }
    />
  );
}

function Made({ link }: { link: PaymentLink }) {
  const { instant } = useFrame();
  return <span className="num">{instant(link.created_at)}</span>;
}

/** What was paid, else what was asked for. */
function Amount({ link: { amount, paid_amount: paid, fixed, currency } }: { link: PaymentLink }) {
  const { money } = useFrame();
  if (paid !== null) return <span className="strong">{money(paid, currency)}</span>;
  if (amount === null) return <span className="fine">Payer’s choice</span>;
  return fixed ? money(amount, currency) : <span className="fine">about {money(amount, currency)}</span>;
}

function Actions({ link }: { link: PaymentLink }) {
  const { can } = useFrame();
  const [asking, ask] = useDisclosure();
  if (link.payment_id) return <Link to={`/payments/${link.payment_id}`}>Open the payment</Link>;
  if (link.state !== 'open') return <span className="none">–</span>;
  return (
    <Group gap={4} wrap="nowrap" display="inline-flex">
      <CopyButton text={link.url} size="compact-sm">
        Copy link
      </CopyButton>
      {can('payments:write') && (
        <Button
          size="compact-sm"
          variant="subtle"
          color="brick"
          aria-label={`Withdraw ${link.description}`}
          onClick={ask.open}
        >
          Withdraw
        </Button>
      )}
      {asking && <WithdrawDialog link={link} onClose={ask.close} />}
    </Group>
  );
}

function WithdrawDialog({ link, onClose }: { link: PaymentLink; onClose: () => void }) {
  const withdraw = useAct(withdrawPaymentLink);
  const submit = (): Promise<void> =>
    withdraw.run({ params: { id: link.id } }).then(
      () => {
        tell('The payment link is withdrawn');
        onClose();
      },
      () => undefined,
    );
  return (
    <FormDialog
      title="Withdraw this payment link?"
      opened
      onClose={onClose}
      onSubmit={submit}
      submit="Withdraw"
      danger
      busy={withdraw.busy}
      error={withdraw.error}
    >
      <p>
        “{link.description}” can no longer be paid by it. Whoever opens the link is told that it was
        withdrawn.
      </p>
    </FormDialog>
  );
}
