import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Sheet } from '#ui/page.tsx';
import { Pager } from '#ui/pager.tsx';
import { Problem } from '#ui/problem.tsx';
import type { Trail } from '#ui/use-trail.ts';

type Props<Row> = {
  asked: UseQueryResult<{ data: Row[]; has_more: boolean }, Error>;
  trail: Trail;
  noun: string;
  /** What is done with the list as a whole, where the head of the page is another's. */
  tools?: ReactNode;
  /** The table of the rows that came. */
  children: ReactNode;
};

/** A page of a list: what went wrong, or the table and the way to the next page. */
export function Listing<Row extends { id: string }>({ asked, trail, noun, tools, children }: Props<Row>) {
  if (asked.error) return <Problem error={asked.error} onRetry={() => void asked.refetch()} />;
  const rows = asked.data?.data ?? [];
  return (
    <Sheet flush>
      {tools && rows.length > 0 && <div className="list-tools">{tools}</div>}
      {children}
      {rows.length > 0 && (
        <Pager
          trail={trail}
          lastId={rows.at(-1)?.id}
          hasMore={asked.data?.has_more ?? false}
          count={rows.length}
          noun={noun}
        />
      )}
    </Sheet>
  );
}
