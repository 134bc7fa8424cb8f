import { listMessages } from '#features/correspondence/api.ts';
import type { Message } from '#features/correspondence/ui/staff/message-words.tsx';
import { kindOf, MessageState } from '#features/correspondence/ui/staff/message-words.tsx';
import type { Column } from '#ui/data-table.tsx';
import { DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Empty } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

type About = { customer_id: string } | { invoice_id: string };

/** The messages about one customer or one invoice. */
export function MessagesOf({ about }: { about: About }) {
  const { instant } = useFrame();
  const messages = useAsk(listMessages, { query: { ...about, limit: 50 } });
  if (messages.error) return <Problem error={messages.error} onRetry={() => void messages.refetch()} />;
  const columns: Column<Message>[] = [
    {
      key: 'subject',
      title: 'Subject',
      slot: 'title',
      cell: ({ channel, subject, text }) => (channel === 'sms' ? text : subject),
    },
    {
      key: 'kind',
      title: 'Kind',
      slot: 'detail',
      cell: ({ kind, channel }) =>
        `${kindOf(kind)}${channel === 'email' ? '' : channel === 'sms' ? ' · text' : ' · letter'}`,
    },
    {
      key: 'to',
      title: 'To',
      slot: 'detail',
      cell: ({ to }) => <span className="break">{to.join(', ')}</span>,
    },
    {
      key: 'at',
      title: 'Written',
      slot: 'detail',
      cell: ({ created_at: at }) => <span className="num">{instant(at)}</span>,
    },
    { key: 'state', title: 'State', slot: 'state', cell: (message) => <MessageState message={message} /> },
  ];
  return (
    <DataTable
      label="Messages"
      columns={columns}
      rows={messages.data?.data}
      idOf={({ id }) => id}
      linkOf={({ id }) => `/messages?id=${id}`}
      empty={<Empty title="No messages">Nothing has been sent about this yet.</Empty>}
    />
  );
}
