import { Button } from '@mantine/core';
import { IconScale } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { z } from 'zod';
import { listChargebacks, type zChargeback } from '#features/chargebacks/api.ts';
import { daysLeft } from '#features/chargebacks/rules.ts';
import { EvidenceDialog } from '#features/chargebacks/ui/staff/evidence-dialog.tsx';
import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import { systemNow } from '#lib/dates.ts';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { Chips } from '#ui/filters.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Listing } from '#ui/listing.tsx';
import { Empty, PageHead } from '#ui/page.tsx';
import { State, type Tone } from '#ui/state.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

export type Chargeback = z.output<typeof zChargeback>;
export type ChargebacksSearch = { status?: 'open' | 'no_evidence' | 'won' | 'lost' };
type Change = (change: { status?: ChargebacksSearch['status'] | undefined }) => void;

const views = [
  { value: 'all', label: 'All' },
  { value: 'open', label: 'Open' },
  { value: 'no_evidence', label: 'Without evidence' },
  { value: 'won', label: 'Won' },
  { value: 'lost', label: 'Lost' },
] as const;
const words: Record<Chargeback['state'], { word: string; tone: Tone }> = {
  opened: { word: 'Open', tone: 'bad' },
  evidence_sent: { word: 'Evidence sent', tone: 'accent' },
  won: { word: 'Won', tone: 'good' },
  lost: { word: 'Lost', tone: 'faint' },
};

type Props = { search: ChargebacksSearch; onSearch: Change; views: ReactNode };

/** Payments that payers' banks took back, and until when something can be said about it. */
export function ChargebacksPage({ search, onSearch, views: saved }: Props) {
  const trail = useTrail();
  const chargebacks = useAsk(
    listChargebacks,
    { query: { ...search, starting_after: trail.after } },
    { keep: true },
  );
  const [answering, setAnswering] = useState<Chargeback>();
  return (
    <>
      <PageHead
        title="Chargebacks"
        actions={
          <>
            {saved}
            <ExportList list="chargebacks" search={search} />
          </>
        }
      />
      <div className="toolbar">
        <Chips
          label="Which chargebacks"
          value={search.status ?? 'all'}
          options={views}
          onChange={(status) => onSearch({ status: status === 'all' ? undefined : status })}
        />
      </div>
      <Listing asked={chargebacks} trail={trail} noun="chargeback">
        <ChargebackTable rows={chargebacks.data?.data} onAnswer={setAnswering} />
      </Listing>
      {answering && <EvidenceDialog chargeback={answering} onClose={() => setAnswering(undefined)} />}
    </>
  );
}

type TableProps = { rows: readonly Chargeback[] | undefined; onAnswer: (chargeback: Chargeback) => void };

function useColumns(onAnswer: TableProps['onAnswer']): Column<Chargeback>[] {
  const { money, instant, can } = useFrame();
  return [
    {
      key: 'customer',
      title: 'Customer',
      slot: 'title',
      cell: (chargeback) => (
        <>
          <Link to={`/payments/${chargeback.payment_id}`}>{chargeback.customer_name}</Link>
          <span className="cell-under">
            {chargeback.reason} ({chargeback.code})
          </span>
        </>
      ),
    },
    {
      key: 'opened',
      title: 'Opened',
      slot: 'detail',
      width: '170px',
      cell: ({ opened_at }) => <span className="num">{instant(opened_at)}</span>,
    },
    {
      key: 'state',
      title: 'State',
      slot: 'state',
      width: '150px',
      cell: ({ state }) => <State tone={words[state].tone}>{words[state].word}</State>,
    },
    {
      key: 'clock',
      title: 'Evidence',
      slot: 'detail',
      width: '170px',
      cell: (chargeback) => <Clock chargeback={chargeback} />,
    },
    {
      key: 'amount',
      title: 'Amount',
      slot: 'amount',
      align: 'end',
      width: '130px',
      cell: ({ amount, currency }) => <span className="strong">{money(amount, currency)}</span>,
    },
    {
      key: 'act',
      title: 'Actions',
      hideTitle: true,
      slot: 'detail',
      align: 'end',
      width: '130px',
      cell: (chargeback) =>
        chargeback.state === 'opened' &&
        can('payments:write') && (
          <Button size="xs" variant="default" onClick={() => onAnswer(chargeback)}>
            Give evidence
          </Button>
        ),
    },
  ];
}

function ChargebackTable({ rows, onAnswer }: TableProps) {
  const columns = useColumns(onAnswer);
  return (
    <DataTable
      label="Chargebacks"
      columns={columns}
      rows={rows}
      idOf={({ id }) => id}
      keys={false}
      toneOf={({ state }) => (state === 'opened' ? 'bad' : undefined)}
      empty={
        <Empty title="No chargebacks" icon={<IconScale size={22} stroke={1.5} />}>
          When a payer’s bank takes a payment back, it appears here with its reason and the day until which
          evidence is taken.
        </Empty>
      }
    />
  );
}

function Clock({ chargeback }: { chargeback: Chargeback }) {
  const { instant } = useFrame();
  if (chargeback.evidence_sent_at)
    return <span className="num">Sent {instant(chargeback.evidence_sent_at)}</span>;
  if (chargeback.evidence_error) return <span>{chargeback.evidence_error}</span>;
  if (chargeback.evidence_asked_at) return <span>On its way</span>;
  if (chargeback.state !== 'opened') return <span className="none">–</span>;
  const left = daysLeft(chargeback.evidence_due_at, systemNow());
  if (left === undefined) return <span className="none">No day set</span>;
  if (left < 0) return <span>Too late</span>;
  return <span className="num">{left === 1 ? '1 day left' : `${left} days left`}</span>;
}
