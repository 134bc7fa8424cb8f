import { Button, Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import { actorOf, wordsOf } from '#features/audit-log/event-rules.ts';
import { nameOf, placeOf } from '#features/audit-log/place-rules.ts';
import { listEvents, type zEvent } from '#features/organizations/api.ts';
import { call } from '#ui/call.ts';
import { useFrame } from '#ui/frame.tsx';
import { Problem } from '#ui/problem.tsx';

type TimelineEvent = z.output<typeof zEvent>;
type About = { subject_id: string } | { customer_id: string } | Record<string, never>;

/** What happened to one document or one customer, newest first. */
export function EventTimeline({ about, first = 25 }: { about: About; first?: number }) {
  const { can } = useFrame();
  const events = useInfiniteQuery({
    queryKey: [listEvents.path, about, first],
    queryFn: ({ pageParam, signal }) =>
      call(
        listEvents,
        { query: { limit: first, ...about, ...(pageParam ? { starting_after: pageParam } : {}) } },
        undefined,
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (last) => (last.has_more ? last.data.at(-1)?.id : undefined),
    enabled: can('events:read'),
  });
  if (!can('events:read')) return <p className="fine">Your role does not include the timeline.</p>;
  if (events.error) return <Problem error={events.error} onRetry={() => void events.refetch()} />;
  if (!events.data) return <TimelineWaiting />;
  const all = events.data.pages.flatMap(({ data }) => data);
  if (all.length === 0) return <p className="fine">Nothing has happened yet.</p>;
  const showLinks = !('subject_id' in about);
  return (
    <>
      <ol className="timeline">
        {all.map((event) => (
          <TimelineEntry key={event.id} event={event} linked={showLinks} />
        ))}
      </ol>
      {events.hasNextPage && (
        <Button
          size="xs"
          variant="default"
          loading={events.isFetchingNextPage}
          onClick={() => void events.fetchNextPage()}
        >
          Show earlier
        </Button>
      )}
    </>
  );
}

function TimelineEntry({ event, linked }: { event: TimelineEvent; linked: boolean }) {
  const { money, date, instant } = useFrame();
  const { text, tone } = wordsOf(event, { money, date });
  const place = linked ? placeOf(event.subject_id) : undefined;
  return (
    <li data-tone={tone}>
      <p className="break">
        {text}
        {place && (
          <>
            {' '}
            ·{' '}
            <Link to={place.to} {...(place.search ? { search: place.search } : {})}>
              {nameOf(event)}
            </Link>
          </>
        )}
      </p>
      <p className="fine">
        {actorOf(event)} ·{' '}
        <time dateTime={event.occurred_at.toISOString()} className="num">
          {instant(event.occurred_at)}
        </time>
      </p>
    </li>
  );
}

const TimelineWaiting = () => (
  <div className="stack" aria-busy="true">
    {[0, 1, 2].map((line) => (
      <Skeleton key={line} height={34} width={`${80 - line * 15}%`} />
    ))}
  </div>
);
