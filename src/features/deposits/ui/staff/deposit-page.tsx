import { Button, Skeleton, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import type { zDepositLine } from '#features/deposits/api.ts';
import { getDeposit, listDepositLines, resolveDeposit, undoDeposit } from '#features/deposits/api.ts';
import {
  type Deposit,
  DepositState,
  lineWords,
  needsAttention,
  sourceOf,
} from '#features/deposits/ui/staff/deposit-words.tsx';
import { OwnerPick } from '#features/deposits/ui/staff/owner-pick.tsx';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Facts, Figures, PageHead, Sheet } from '#ui/page.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { filled, useFields } from '#ui/use-fields.ts';
import { useTrail } from '#ui/use-trail.ts';

const back = { to: '/deposits', label: 'Deposits' };
type Line = z.output<typeof zDepositLine>;

export function DepositPage({ id, timeline }: { id: string; timeline: ReactNode }) {
  const deposit = useAsk(getDeposit, { params: { id } });
  if (!deposit.data)
    return (
      <>
        <PageHead back={back} title="Deposit" />
        <Problem error={deposit.error} onRetry={() => void deposit.refetch()} />
        {!deposit.error && <Skeleton height={320} radius="lg" />}
      </>
    );
  return (
    <>
      <Head deposit={deposit.data} />
      <Sums deposit={deposit.data} />
      <div className="stack loose">
        {needsAttention(deposit.data) && <Exception deposit={deposit.data} />}
        <Lines id={id} currency={deposit.data.currency} />
        <div className="columns even">
          <Particulars deposit={deposit.data} />
          <Sheet title="Timeline" className="no-print">
            {timeline}
          </Sheet>
        </div>
      </div>
    </>
  );
}

function Head({ deposit }: { deposit: Deposit }) {
  const { money, can } = useFrame();
  const title = money(deposit.amount, deposit.currency);
  const undo = useAct(undoDeposit);
  const run = async (): Promise<void> => {
    if (await undo.run({ params: { id: deposit.id } }).catch(() => undefined))
      tell('The deposit is undone', 'Its payments are in hand again.');
  };
  const mayUndo = deposit.kind === 'hand' && deposit.state === 'paid' && can('payments:write');
  return (
    <>
      <PageHead
        back={back}
        tab={`Deposit of ${title}`}
        title={<span className="num">{title}</span>}
        state={<DepositState deposit={deposit} />}
        detail={sourceOf(deposit)}
        actions={
          mayUndo && (
            <Button variant="default" loading={undo.busy} onClick={() => void run()}>
              Undo
            </Button>
          )
        }
      />
      <Problem error={undo.error} />
    </>
  );
}

function Sums({ deposit }: { deposit: Deposit }) {
  const { money } = useFrame();
  const show = (amount: bigint): string => money(amount, deposit.currency);
  return (
    <Figures
      figures={[
        { label: 'Gross', value: show(deposit.gross) },
        { label: 'Fees', value: show(-deposit.fees) },
        { label: 'Went back', value: show(deposit.returned) },
        ...(deposit.difference === 0n
          ? []
          : [{ label: 'Not explained', value: show(deposit.difference), tone: 'bad' as const }]),
        { label: deposit.state === 'paid' ? 'In the bank' : 'Net', value: show(deposit.amount) },
      ]}
    />
  );
}

function Exception({ deposit }: { deposit: Deposit }) {
  const { can } = useFrame();
  const [resolving, resolve] = useDisclosure();
  return (
    <Sheet
      title="This deposit needs a look"
      aside={can('payments:write') && <Button onClick={resolve.open}>Resolve</Button>}
    >
      <div className="stack">
        <p>{deposit.exception}</p>
        <p className="fine">
          It stays out of the books until someone says why. Ask the gateway about payout{' '}
          <code>{deposit.gateway_reference}</code>.
        </p>
        <OwnerPick deposit={deposit} />
      </div>
      {resolving && <ResolveDialog deposit={deposit} onClose={resolve.close} />}
    </Sheet>
  );
}

function ResolveDialog({ deposit, onClose }: { deposit: Deposit; onClose: () => void }) {
  const { money } = useFrame();
  const act = useAct(resolveDeposit);
  const form = useFields(
    { resolution: '' },
    { resolution: filled('Say why it is so, for whoever asks later') },
  );
  const submit = form.submit(async (body) => {
    await act.run({ params: { id: deposit.id }, body });
    onClose();
    tell('Resolved: the deposit is in the books');
  });
  return (
    <FormDialog
      title="Resolve this deposit"
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Book it"
      busy={act.busy}
      error={act.error}
    >
      <p>
        It is booked as the bank shows it: {money(deposit.amount, deposit.currency)}. What the payments in it
        do not explain is booked as processing fees.
      </p>
      <Textarea
        label="Why is it so?"
        required
        data-autofocus
        autosize
        minRows={3}
        {...form.text('resolution')}
      />
    </FormDialog>
  );
}

function useLineColumns(currency: string): Column<Line>[] {
  const { money, date } = useFrame();
  const sum = (key: 'gross' | 'fee' | 'net', title: string, slot: 'wide-only' | 'amount'): Column<Line> => ({
    key,
    title,
    slot,
    align: 'end',
    width: '120px',
    cell: (line) => <span className="num">{money(line[key], currency)}</span>,
  });
  return [
    {
      key: 'what',
      title: 'What',
      slot: 'title',
      cell: (line) => (
        <>
          {line.payment_id ? (
            <Link to={`/payments/${line.payment_id}`}>{line.customer_name ?? 'Payment'}</Link>
          ) : (
            (lineWords[line.kind] ?? line.kind)
          )}
          <span className="cell-under">
            {line.payment_id ? (lineWords[line.kind] ?? line.kind) : line.description || line.reference}
          </span>
        </>
      ),
    },
    {
      key: 'on',
      title: 'Date',
      slot: 'detail',
      width: '130px',
      cell: (line) => <span className="num">{date(line.on_date)}</span>,
    },
    sum('gross', 'Gross', 'wide-only'),
    sum('fee', 'Fee', 'wide-only'),
    sum('net', 'Net', 'amount'),
  ];
}

function Lines({ id, currency }: { id: string; currency: string }) {
  const columns = useLineColumns(currency);
  const trail = useTrail();
  const lines = useAsk(
    listDepositLines,
    { params: { id }, query: { after: trail.after ? Number(trail.after) : 0 } },
    { keep: true },
  );
  const rows = lines.data?.data;
  const last = rows?.at(-1);
  return (
    <Sheet title="What it is made of" flush>
      <Problem error={lines.error} onRetry={() => void lines.refetch()} />
      <DataTable
        label="Lines of the deposit"
        columns={columns}
        rows={rows}
        idOf={({ line_no }) => String(line_no)}
        keys={false}
        empty={<p className="fine">This deposit has no lines.</p>}
      />
      {(lines.data?.has_more || trail.prev) && (
        <nav className="pager" aria-label="Pages">
          <span className="fine">Page {trail.page}</span>
          <Button size="xs" variant="default" disabled={!trail.prev} onClick={() => trail.prev?.()}>
            Previous
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={!lines.data?.has_more}
            onClick={() => last && trail.next(String(last.line_no))}
          >
            Next
          </Button>
        </nav>
      )}
    </Sheet>
  );
}

function Particulars({ deposit }: { deposit: Deposit }) {
  const { date, instant } = useFrame();
  return (
    <Sheet title="Particulars">
      <Facts
        columns={1}
        facts={[
          { label: deposit.kind === 'hand' ? 'Recorded for' : 'Paid out', value: date(deposit.made_on) },
          { label: 'Reaches the bank', value: date(deposit.arrives_on) },
          ...(deposit.gateway_reference
            ? [{ label: 'Reference', value: <code>{deposit.gateway_reference}</code> }]
            : []),
          { label: 'In the books', value: deposit.posted_at ? instant(deposit.posted_at) : 'Not yet' },
          ...(deposit.memo ? [{ label: 'Memo', value: deposit.memo }] : []),
          ...(deposit.resolution
            ? [{ label: 'Resolved', value: `${deposit.exception ?? ''} ${deposit.resolution}` }]
            : []),
        ]}
      />
    </Sheet>
  );
}
