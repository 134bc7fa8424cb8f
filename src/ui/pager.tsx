import { Button } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import type { Trail } from '#ui/use-trail.ts';

type PagerProps = { trail: Trail; lastId: string | undefined; hasMore: boolean; count: number; noun: string };

export function Pager({ trail, lastId, hasMore, count, noun }: PagerProps) {
  if (!hasMore && !trail.prev) {
    return <p className="pager fine">{count === 1 ? `1 ${noun}` : `${count} ${noun}s`}</p>;
  }
  return (
    <nav className="pager" aria-label="Pages">
      <span className="fine">Page {trail.page}</span>
      <Button
        size="xs"
        variant="default"
        disabled={!trail.prev}
        onClick={() => trail.prev?.()}
        leftSection={<IconChevronLeft size={14} aria-hidden />}
      >
        Previous
      </Button>
      <Button
        size="xs"
        variant="default"
        disabled={!hasMore || !lastId}
        onClick={() => lastId && trail.next(lastId)}
        rightSection={<IconChevronRight size={14} aria-hidden />}
      >
        Next
      </Button>
    </nav>
  );
}
