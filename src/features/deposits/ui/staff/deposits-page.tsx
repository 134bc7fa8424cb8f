import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPigMoney } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { listDeposits } from '#features/deposits/api.ts';
import {
  type Deposit,
  DepositState,
  needsAttention,
  sourceOf,
} from '#features/deposits/ui/staff/deposit-words.tsx';
import { MakeDeposit } from '#features/deposits/ui/staff/make-deposit.tsx';
import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { Chips, DateRange } from '#ui/filters.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Listing } from '#ui/listing.tsx';
import { Empty, PageHead } from '#ui/page.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

export type DepositsSearch = {
  status?: 'exceptions' | 'in_transit' | 'payouts' | 'hand';
  from?: string;
  to?: string;
};
type Change = (change: { [K in keyof DepositsSearch]?: DepositsSearch[K] | undefined }) => void;

const views = [
  { value: 'all', label: 'All' },
  { value: 'exceptions', label: 'Need a look' },
  { value: 'in_transit', label: 'On their way' },
  { value: 'payouts', label: 'Payouts' },
  { value: 'hand', label: 'By hand' },
] as const;

type Props = { search: DepositsSearch; onSearch: Change; views: ReactNode };

/** What reached the bank, and what it is made of. */
export function DepositsPage({ search, onSearch, views: saved }: Props) {
  const { can } = useFrame();
  const trail = useTrail();
  const [making, make] = useDisclosure();
  const deposits = useAsk(
    listDeposits,
    { query: { ...search, starting_after: trail.after } },
    { keep: true },
  );
  return (
    <>
      <PageHead
        title="Deposits"
        actions={
          <>
            {saved}
            <ExportList list="deposits" search={search} />
            {can('payments:write') && <Button onClick={make.open}>Record a deposit</Button>}
          </>
        }
      />
      <div className="toolbar">
        <Chips
          label="Which deposits"
          value={search.status ?? 'all'}
          options={views}
          onChange={(status) => onSearch({ status: status === 'all' ? undefined : status })}
        />
      </div>
      <div className="toolbar second">
        <DateRange word="Arrived" from={search.from} to={search.to} onChange={onSearch} />
      </div>
      <Listing asked={deposits} trail={trail} noun="deposit">
        <DepositTable rows={deposits.data?.data} filtered={Object.values(search).some(Boolean)} />
      </Listing>
      {making && <MakeDeposit onClose={make.close} />}
    </>
  );
}

function useColumns(): Column<Deposit>[] {
  const { money, date } = useFrame();
  const amount = (key: 'gross' | 'fees' | 'returned', title: string): Column<Deposit> => ({
    key,
    title,
    slot: 'wide-only',
    align: 'end',
    width: '120px',
    cell: (deposit) =>
      deposit[key] === 0n ? (
        <span className="none">–</span>
      ) : (
        money(key === 'fees' ? -deposit.fees : deposit[key], deposit.currency)
      ),
  });
  return [
    {
      key: 'source',
      title: 'From',
      slot: 'title',
      cell: (deposit) => (
        <>
          <span>{sourceOf(deposit)}</span>
          {deposit.gateway_reference && <span className="cell-under num">{deposit.gateway_reference}</span>}
        </>
      ),
    },
    {
      key: 'arrives',
      title: 'Arrives',
      slot: 'detail',
      width: '130px',
      cell: (deposit) => <span className="num">{date(deposit.arrives_on)}</span>,
    },
    {
      key: 'state',
      title: 'State',
      slot: 'state',
      width: '150px',
      cell: (deposit) => <DepositState deposit={deposit} />,
    },
    amount('gross', 'Gross'),
    amount('fees', 'Fees'),
    amount('returned', 'Went back'),
    {
      key: 'net',
      title: 'In the bank',
      slot: 'amount',
      align: 'end',
      width: '140px',
      cell: (deposit) => <span className="strong">{money(deposit.amount, deposit.currency)}</span>,
    },
  ];
}

function DepositTable({ rows, filtered }: { rows: readonly Deposit[] | undefined; filtered: boolean }) {
  const columns = useColumns();
  return (
    <DataTable
      label="Deposits"
      columns={columns}
      rows={rows}
      idOf={({ id }) => id}
      linkOf={({ id }) => `/deposits/${id}`}
      nameOf={sourceOf}
      toneOf={(deposit) =>
        needsAttention(deposit) ? 'bad' : deposit.state === 'undone' ? 'faint' : undefined
      }
      empty={
        filtered ? (
          <Empty title="No deposit matches">Loosen a filter.</Empty>
        ) : (
          <Empty title="No deposits yet" icon={<IconPigMoney size={22} stroke={1.5} />}>
            What your payment gateways pay out to the bank appears here by itself. Checks and cash that you
            take to the bank are recorded as one deposit.
          </Empty>
        )
      }
    />
  );
}
