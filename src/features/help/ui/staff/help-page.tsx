import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import type { zArticleEntry } from '#features/help/api.ts';
import { listArticles } from '#features/help/api.ts';
import { ListSearch } from '#ui/filters.tsx';
import { Empty, PageHead, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

type Entry = z.output<typeof zArticleEntry>;
type Props = {
  letters: string;
  onSearch: (change: { q: string | undefined }) => void;
  /** Ways to people: belong to support. */
  actions: ReactNode;
};

/** The contents of the guide, or what answers a question. */
export function HelpPage({ letters, onSearch, actions }: Props) {
  const asked = useAsk(listArticles, { query: { q: letters || undefined } }, { keep: true });
  const found = asked.data?.data;
  const groups = letters ? [] : [...new Set(found?.map(({ group }) => group))];
  return (
    <>
      <PageHead
        title="Help"
        detail="How things are done in Owed, and what to do when they go wrong."
        actions={actions}
      />
      <div className="toolbar">
        <ListSearch
          label="Search the guide"
          placeholder="Search, such as: customer did not get the invoice"
          value={letters}
          onChange={(q) => onSearch({ q: q || undefined })}
        />
      </div>
      <Problem error={asked.error} onRetry={() => void asked.refetch()} />
      <p className="hidden" role="status">
        {letters && found && `${found.length} articles found`}
      </p>
      {letters && found?.length === 0 && (
        <Empty title="Nothing answers that">Try one plain word, such as “refund” or “reminder”.</Empty>
      )}
      {letters && found && found.length > 0 && (
        <Sheet title="Found">
          <Entries entries={found} />
        </Sheet>
      )}
      <div className="help-groups">
        {groups.map((group) => (
          <Sheet key={group} title={group}>
            <Entries entries={found?.filter((each) => each.group === group) ?? []} />
          </Sheet>
        ))}
      </div>
    </>
  );
}

export function Entries({ entries }: { entries: readonly Entry[] }) {
  return (
    <ul className="help-list">
      {entries.map(({ slug, title, summary }) => (
        <li key={slug}>
          <Link to="/help/$slug" params={{ slug }}>
            {title}
          </Link>
          <span className="fine">{summary}</span>
        </li>
      ))}
    </ul>
  );
}
