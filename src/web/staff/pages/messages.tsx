import { useSearch } from '@tanstack/react-router';
import type { MessagesSearch } from '#features/correspondence/ui/staff/messages-page.tsx';
import { MessagesPage } from '#features/correspondence/ui/staff/messages-page.tsx';
import { useSearchChange } from '#web/staff/use-search-change.ts';

export function Messages() {
  const search = useSearch({ strict: false }) as MessagesSearch;
  return <MessagesPage search={search} onSearch={useSearchChange()} />;
}
