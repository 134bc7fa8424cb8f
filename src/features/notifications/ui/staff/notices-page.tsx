import { Button } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { listNotices, readNotices, type zNotice } from '#features/notifications/api.ts';
import { noticeKinds } from '#features/notifications/notice-rules.ts';
import { Chips } from '#ui/filters.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Listing } from '#ui/listing.tsx';
import { Empty, PageHead } from '#ui/page.tsx';
import { tellProblem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

type Notice = z.output<typeof zNotice>;
type View = 'unread' | 'all';
type Props = {
  view: View;
  onView: (view: View) => void;
  onOpen: (path: string) => void;
  settings: ReactNode;
};

/** What the person who looks is told of: unread first, each with the page that it is about. */
export function NoticesPage({ view, onView, onOpen, settings }: Props) {
  const trail = useTrail();
  const asked = useAsk(
    listNotices,
    {
      query: {
        limit: 25,
        unread: view === 'unread' ? 'true' : 'false',
        ...(trail.after ? { starting_after: trail.after } : {}),
      },
    },
    { keep: true },
  );
  const act = useAct(readNotices);
  const rows = asked.data?.data ?? [];
  const newest = rows[0];
  const mark = (body: { id: string; and_older?: boolean }) => act.run({ body }).catch(tellProblem);
  const open = (notice: Notice): void => {
    if (!notice.read) void mark({ id: notice.id });
    onOpen(notice.path);
  };
  return (
    <>
      <PageHead
        title="Notices"
        detail={settings}
        actions={
          newest && rows.some(({ read }) => !read) && trail.page === 1 ? (
            <Button
              variant="default"
              loading={act.busy}
              onClick={() => void mark({ id: newest.id, and_older: true })}
            >
              Mark all as read
            </Button>
          ) : undefined
        }
      />
      <div className="toolbar">
        <Chips
          label="Which notices"
          value={view}
          options={[
            { value: 'unread', label: 'Unread' },
            { value: 'all', label: 'All' },
          ]}
          onChange={onView}
        />
      </div>
      <Listing asked={asked} trail={trail} noun="notice">
        {asked.data && rows.length === 0 ? (
          <Empty
            title={view === 'unread' ? 'You have read everything' : 'Nothing yet'}
            icon={<IconBell size={28} />}
          >
            Payments, failures, answers of customers and more are told here.
          </Empty>
        ) : (
          <ul className="notices">
            {rows.map((notice) => (
              <NoticeRow key={notice.id} notice={notice} onOpen={() => open(notice)} />
            ))}
          </ul>
        )}
      </Listing>
    </>
  );
}

function NoticeRow({ notice, onOpen }: { notice: Notice; onOpen: () => void }) {
  const { instant } = useFrame();
  return (
    <li>
      <button type="button" className="notice" data-unread={!notice.read} onClick={onOpen}>
        <span className="notice-dot" aria-hidden />
        <span className="notice-words">
          <span className="notice-title">
            {!notice.read && <span className="hidden">Unread: </span>}
            {notice.title}
          </span>
          <span className="fine">
            {noticeKinds[notice.kind].title}
            {notice.detail && ` · ${notice.detail}`}
          </span>
        </span>
        <time className="fine num" dateTime={notice.created_at.toISOString()}>
          {instant(notice.created_at)}
        </time>
      </button>
    </li>
  );
}
