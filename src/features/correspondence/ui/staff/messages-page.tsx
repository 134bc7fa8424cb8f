import { useMediaQuery } from '@mantine/hooks';
import { IconMail } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useCallback, useEffect } from 'react';
import { listMessages } from '#features/correspondence/api.ts';
import { MessagePane } from '#features/correspondence/ui/staff/message-pane.tsx';
import type { Message } from '#features/correspondence/ui/staff/message-words.tsx';
import { kindOf, MessageState } from '#features/correspondence/ui/staff/message-words.tsx';
import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import { dateIn } from '#lib/dates.ts';
import { ButtonLink } from '#ui/button-link.tsx';
import { Chips, ListSearch } from '#ui/filters.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Empty, PageHead } from '#ui/page.tsx';
import { Pager } from '#ui/pager.tsx';
import { Problem } from '#ui/problem.tsx';
import { useShortcuts } from '#ui/shortcuts.ts';
import { useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

export type MessagesSearch = {
  state?: 'queued' | 'sent' | 'failed' | 'suppressed';
  channel?: 'email' | 'sms' | 'paper' | 'not_email';
  to?: string;
  id?: string;
};
type Change = (
  change: { [K in keyof MessagesSearch]?: MessagesSearch[K] | undefined },
  replace?: boolean,
) => void;

const views = [
  { value: 'all', label: 'All' },
  { value: 'sent', label: 'Sent' },
  { value: 'queued', label: 'Waiting' },
  { value: 'failed', label: 'Failed' },
  { value: 'suppressed', label: 'Held back' },
] as const;

const channelViews = [
  { value: 'all', label: 'Every channel' },
  { value: 'email', label: 'E-mail' },
  { value: 'sms', label: 'Texts' },
  { value: 'paper', label: 'Letters' },
  { value: 'not_email', label: 'Texts and letters' },
] as const;

type Props = { search: MessagesSearch; onSearch: Change; views: ReactNode };

/** The mailbox: what went out, what waits, and what failed, with the mail itself beside the list. */
export function MessagesPage({ search, onSearch, views: saved }: Props) {
  const { mode } = useFrame();
  const trail = useTrail();
  const { id, ...filters } = search;
  const messages = useAsk(
    listMessages,
    { query: { ...filters, limit: 30, starting_after: trail.after } },
    { keep: true, every_ms: 10_000 },
  );
  const rows = messages.data?.data;
  const wide = useMediaQuery('(min-width: 1001px)', undefined, { getInitialValueInEffect: false });
  const open = id ?? (wide ? rows?.[0]?.id : undefined);
  useMessageKeys(rows, open, onSearch);
  return (
    <>
      <PageHead
        title="Messages"
        actions={
          <>
            {saved}
            <ExportList list="messages" search={filters} />
            <ButtonLink to="/letters" variant="default">
              Letters to print
            </ButtonLink>
          </>
        }
        detail={
          mode === 'sandbox'
            ? 'Practice mode: every message stays here. Its links work; open them as your customer would.'
            : undefined
        }
      />
      <MessageFilters search={search} onSearch={onSearch} />
      <Problem error={messages.error} onRetry={() => void messages.refetch()} />
      {rows?.length === 0 ? (
        <div className="sheet">
          <NoMessages filtered={Boolean(filters.state ?? filters.channel ?? filters.to)} />
        </div>
      ) : (
        <div className="mailbox" data-open={Boolean(id)}>
          <div className="mail-list">
            <ul aria-label="Messages" aria-busy={!rows}>
              {rows?.map((message) => (
                <MailRow key={message.id} message={message} current={message.id === open} search={search} />
              ))}
            </ul>
            {rows && (
              <Pager
                trail={trail}
                lastId={rows.at(-1)?.id}
                hasMore={messages.data?.has_more ?? false}
                count={rows.length}
                noun="message"
              />
            )}
          </div>
          {open && <MessagePane id={open} onBack={() => onSearch({ id: undefined })} />}
        </div>
      )}
    </>
  );
}

function MessageFilters({ search, onSearch }: { search: MessagesSearch; onSearch: Change }) {
  const find = useCallback((to: string) => onSearch({ to: to || undefined, id: undefined }), [onSearch]);
  return (
    <>
      <div className="toolbar">
        <ListSearch
          label="Search messages by recipient"
          placeholder="Recipient’s address"
          value={search.to ?? ''}
          onChange={find}
        />
        <Chips
          label="Which messages"
          value={search.state ?? 'all'}
          options={views}
          onChange={(state) => onSearch({ state: state === 'all' ? undefined : state, id: undefined })}
        />
      </div>
      <div className="toolbar second">
        <Chips
          label="Which channel"
          value={search.channel ?? 'all'}
          options={channelViews}
          onChange={(channel) =>
            onSearch({ channel: channel === 'all' ? undefined : channel, id: undefined })
          }
        />
      </div>
    </>
  );
}

function useMessageKeys(
  rows: readonly Message[] | undefined,
  open: string | undefined,
  onSearch: Change,
): void {
  const step = (by: number) => {
    if (!rows || rows.length === 0) return false;
    const at = rows.findIndex(({ id }) => id === open);
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
    if (next) onSearch({ id: next.id }, true);
    return true;
  };
  useShortcuts({ j: () => step(1), k: () => step(-1) });
  // Scrolling answers with a promise in newer browsers, which an effect must not.
  useEffect(() => {
    document.querySelector('.mail-row[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [open, rows !== undefined]);
}

function MailRow({
  message,
  current,
  search,
}: {
  message: Message;
  current: boolean;
  search: MessagesSearch;
}) {
  const { date, timeZone } = useFrame();
  return (
    <li>
      <Link
        to="/messages"
        search={{ ...search, id: message.id }}
        state={(before) => before}
        className="mail-row"
        {...(current ? { 'aria-current': 'true' } : {})}
      >
        <span className="mail-to">{message.to.join(', ')}</span>
        <time className="fine num" dateTime={message.created_at.toISOString()}>
          {date(dateIn(timeZone, message.created_at))}
        </time>
        <span className="mail-subject">{message.channel === 'sms' ? message.text : message.subject}</span>
        <span className="mail-kind fine">
          {kindOf(message.kind)}
          {message.channel !== 'email' && (message.channel === 'sms' ? ' · text' : ' · letter')}
        </span>
        <MessageState message={message} />
      </Link>
    </li>
  );
}

function NoMessages({ filtered }: { filtered: boolean }) {
  if (filtered)
    return (
      <Empty
        title="No message matches"
        action={
          <ButtonLink to="/messages" variant="default">
            Show all messages
          </ButtonLink>
        }
      >
        Loosen the filter.
      </Empty>
    );
  return (
    <Empty
      title="Nothing sent yet"
      icon={<IconMail size={22} stroke={1.5} />}
      action={
        <ButtonLink to="/invoices" search={{ status: 'open' }}>
          Choose invoices to send
        </ButtonLink>
      }
    >
      Every mail that Owed writes is kept here, exactly as it went out.
    </Empty>
  );
}
