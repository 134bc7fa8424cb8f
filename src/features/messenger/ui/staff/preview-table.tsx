import type { z } from 'zod';
import type { previewMessenger } from '#features/messenger/api.ts';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';

export type MessengerPreview = z.output<(typeof previewMessenger)['reply']>;
type Kind = MessengerPreview['new_invoices'];
type Row = Kind['data'][number];

const channelWords = { email: 'E-mail', sms: 'Text message', paper: 'Letter' } as const;

/** What would go out: the counts and sums of all, and the first of them by name. */
export function PreviewTable({ preview }: { preview: MessengerPreview }) {
  const { count, money } = useFrame();
  const kinds = [
    { kind: preview.new_invoices, noun: 'invoice' },
    { kind: preview.statements, noun: 'statement' },
  ].filter(({ kind }) => kind.count > 0);
  return (
    <div className="stack">
      {kinds.map(({ kind, noun }) => (
        <div key={noun} className="stack">
          <p className="strong">
            {count(kind.count, noun)} over {money(kind.total)}
          </p>
          <section className="preview-rows" aria-label={`The ${noun}s`} tabIndex={0}>
            <KindTable kind={kind} noun={noun} />
          </section>
          {kind.count > kind.data.length && (
            <p className="fine">And {count(kind.count - kind.data.length, `more ${noun}`)}.</p>
          )}
        </div>
      ))}
    </div>
  );
}

function KindTable({ kind, noun }: { kind: Kind; noun: string }) {
  const { money } = useFrame();
  const columns: Column<Row>[] = [
    { key: 'customer', title: 'Customer', slot: 'title', cell: (row) => row.customer_name },
    ...(noun === 'invoice'
      ? [{ key: 'number', title: 'Invoice', slot: 'detail' as const, cell: (row: Row) => row.number }]
      : []),
    {
      key: 'channels',
      title: 'By',
      slot: 'detail',
      cell: (row) => row.channels.map((channel) => channelWords[channel]).join(', '),
    },
    {
      key: 'amount',
      title: 'Balance due',
      slot: 'amount',
      align: 'end',
      cell: (row) => <span className="num">{money(row.amount)}</span>,
    },
  ];
  return (
    <DataTable
      label={`What would go out: ${noun}s`}
      columns={columns}
      rows={kind.data}
      idOf={(row) => row.invoice_id ?? row.customer_id}
      empty={null}
      keys={false}
    />
  );
}
