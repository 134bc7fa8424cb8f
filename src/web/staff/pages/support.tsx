import { useParams, useSearch } from '@tanstack/react-router';
import { AskSupportPage } from '#features/support/ui/staff/ask-support-page.tsx';
import { HostTicketPage, RequestPage, TicketPage } from '#features/support/ui/staff/ticket-page.tsx';
import {
  HostDeskPage,
  RequestsPage,
  TicketsPage,
  type TicketsSearch,
} from '#features/support/ui/staff/tickets-page.tsx';
import '#web/staff/styles/help.css';
import '#web/staff/styles/support.css';
import { SavedViews } from '#features/saved-views/ui/staff/saved-views.tsx';
import { useSearchChange } from '#web/staff/use-search-change.ts';

const useId = (): string => (useParams({ strict: false }) as { id?: string }).id ?? '';

export function Tickets() {
  const search = useSearch({ strict: false }) as TicketsSearch;
  return (
    <TicketsPage
      search={search}
      onSearch={useSearchChange()}
      views={<SavedViews list="tickets" search={search} />}
    />
  );
}
export function HostDesk() {
  const search = useSearch({ strict: false }) as TicketsSearch;
  return <HostDeskPage search={search} onSearch={useSearchChange()} />;
}
export const OneTicket = () => <TicketPage id={useId()} />;
export const OneHostTicket = () => <HostTicketPage id={useId()} />;
export const OneRequest = () => <RequestPage id={useId()} />;
export const Requests = () => <RequestsPage />;
export const AskSupport = () => <AskSupportPage />;
