import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { NoticesPage } from '#features/notifications/ui/staff/notices-page.tsx';
import { useSearchChange } from '#web/staff/use-search-change.ts';

export function Notices() {
  const { view = 'unread' } = useSearch({ strict: false }) as { view?: 'all' };
  const onSearch = useSearchChange();
  const router = useRouter();
  return (
    <NoticesPage
      view={view}
      onView={(next) => onSearch({ view: next === 'unread' ? undefined : next })}
      onOpen={(path) => router.history.push(`/console${path}`)}
      settings={
        <Link to="/settings" search={{ section: 'notifications' }}>
          Choose what you are told of
        </Link>
      }
    />
  );
}
