import { ActionIcon } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { countNotices } from '#features/notifications/api.ts';
import { useAsk } from '#ui/use-endpoint.ts';

/** How much somebody has not read, and the way there. */
export function Bell({ size = 36 }: { size?: number }) {
  const unread = useAsk(countNotices, {}, { every_ms: 60_000 }).data?.count ?? 0;
  const count = unread >= 100 ? '99+' : String(unread);
  return (
    <ActionIcon
      size={size}
      component={Link}
      to="/notices"
      className="bell"
      aria-label={unread > 0 ? `Notices, ${count} unread` : 'Notices'}
    >
      <IconBell size={18} stroke={1.6} />
      {unread > 0 && (
        <span className="bell-count num" aria-hidden>
          {count}
        </span>
      )}
    </ActionIcon>
  );
}
