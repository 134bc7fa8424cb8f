import { useSearch } from '@tanstack/react-router';
import type { MessagesSearch } from '#features/correspondence/ui/staff/messages-page.tsx';
import { MessagesPage } from '#features/correspondence/ui/staff/messages-page.tsx';
import { SavedViews } from '#features/saved-views/ui/staff/saved-views.tsx';
import { useSearchChange } from '#web/staff/use-search-change.ts';

export function Messages() {
  const search = useSearch({ strict: false }) as MessagesSearch;
  const { id, ...filters } = search;
  return (
    <MessagesPage
      search={search}
      onSearch={useSearchChange()}
      views={<SavedViews list="messages" search={filters} stays={id !== undefined} />}
    />
  );
}
