import { useParams, useSearch } from '@tanstack/react-router';
import { ArticlePage } from '#features/help/ui/staff/article-page.tsx';
import { FeedbackPage } from '#features/help/ui/staff/feedback-page.tsx';
import { HelpPage } from '#features/help/ui/staff/help-page.tsx';
import { SupportActions } from '#features/support/ui/staff/support-actions.tsx';
import '#web/staff/styles/help.css';
import { useSearchChange } from '#web/staff/use-search-change.ts';

export function Help() {
  const { q } = useSearch({ strict: false }) as { q?: string };
  return <HelpPage letters={q ?? ''} onSearch={useSearchChange()} actions={<SupportActions />} />;
}

export function HelpArticle() {
  const { slug = '' } = useParams({ strict: false });
  return <ArticlePage key={slug} slug={slug} />;
}

export const HelpFeedback = () => <FeedbackPage />;
