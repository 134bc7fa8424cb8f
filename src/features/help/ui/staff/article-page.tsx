import { Button, Skeleton, Textarea } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { MouseEvent } from 'react';
import { useState } from 'react';
import { getArticle, rateArticle } from '#features/help/api.ts';
import { Entries } from '#features/help/ui/staff/help-page.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { useFrame } from '#ui/frame.tsx';
import { PageHead, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

/** One article of the guide, with its contents beside it. */
export function ArticlePage({ slug }: { slug: string }) {
  const { date } = useFrame();
  const asked = useAsk(getArticle, { params: { slug } });
  const article = asked.data;
  const back = { to: '/help', label: 'All articles' };
  if (asked.error) return <Problem error={asked.error} onRetry={() => void asked.refetch()} />;
  if (!article) return <Skeleton height={320} radius="lg" />;
  return (
    <>
      <PageHead title={article.title} back={back} detail={article.summary} />
      <div className="article-columns">
        <div className="stack">
          <Sheet>
            <ArticleText html={article.html} />
            <p className="fine">Updated {date(article.updated)}</p>
          </Sheet>
          <WasHelpful slug={slug} />
          <Sheet
            title="Still having trouble?"
            aside={
              <ButtonLink to="/help/requests/new" variant="default">
                Ask for help
              </ButtonLink>
            }
          >
            <p>Tell us what you wanted to do and what happened instead. A person reads it.</p>
          </Sheet>
        </div>
        <div className="stack">
          {article.headings.length > 1 && (
            <Sheet>
              <nav className="article-contents" aria-label="On this page">
                <ul>
                  {article.headings.map(({ id, words }) => (
                    <li key={id}>
                      <a href={`#${id}`}>{words}</a>
                    </li>
                  ))}
                </ul>
              </nav>
            </Sheet>
          )}
          {article.related.length > 0 && (
            <Sheet title="Read on">
              <Entries entries={article.related} />
            </Sheet>
          )}
        </div>
      </div>
    </>
  );
}

/** Made of our own files by our own server; a link to a page of the console opens it without a reload. */
function ArticleText({ html }: { html: string }) {
  const navigate = useNavigate();
  const follow = (event: MouseEvent<HTMLElement>): void => {
    const href = (event.target as Element).closest('a')?.getAttribute('href');
    if (!href?.startsWith('/console') || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void navigate({ href: href.slice('/console'.length) || '/' });
  };
  // biome-ignore lint/security/noDangerouslySetInnerHtml: no word of a reader's is in it
  return <article className="article" onClick={follow} dangerouslySetInnerHTML={{ __html: html }} />;
}

function WasHelpful({ slug }: { slug: string }) {
  const rate = useAct(rateArticle, { readAgain: false });
  const [said, setSaid] = useState<boolean>();
  const [words, setWords] = useState('');
  const [done, setDone] = useState(false);
  const say = async (helpful: boolean, text = ''): Promise<void> => {
    const body = { helpful, ...(text.trim() ? { words: text } : {}) };
    if (!(await rate.run({ params: { slug }, body }).catch(() => undefined))) return;
    setSaid(helpful);
    setDone(text.trim() !== '');
  };
  return (
    <Sheet title="Was this helpful?">
      <div className="stack">
        {said === undefined && (
          <div className="actions">
            <Button variant="default" loading={rate.busy} onClick={() => void say(true)}>
              Yes
            </Button>
            <Button variant="default" loading={rate.busy} onClick={() => void say(false)}>
              No
            </Button>
          </div>
        )}
        {said !== undefined && !done && (
          <>
            <Textarea
              label={said ? 'Thank you. Anything to add?' : 'What did you look for?'}
              value={words}
              maxLength={2000}
              autosize
              minRows={2}
              onChange={(event) => setWords(event.currentTarget.value)}
            />
            <div>
              <Button disabled={!words.trim()} loading={rate.busy} onClick={() => void say(said, words)}>
                Send
              </Button>
            </div>
          </>
        )}
        {done && <p role="status">Thank you. Whoever writes the guide reads this.</p>}
        <Problem error={rate.error} />
      </div>
    </Sheet>
  );
}
