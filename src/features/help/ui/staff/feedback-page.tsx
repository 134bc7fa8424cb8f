import { Link } from '@tanstack/react-router';
import { listFeedback } from '#features/help/api.ts';
import { useFrame } from '#ui/frame.tsx';
import { Empty, PageHead, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

/** For the host of this Owed: which articles help, which do not, and what readers missed. */
export function FeedbackPage() {
  const { instant } = useFrame();
  const asked = useAsk(listFeedback);
  return (
    <>
      <PageHead
        title="What readers say of the guide"
        back={{ to: '/help', label: 'All articles' }}
        detail="Of all organizations on this Owed, those that helped least first."
      />
      <Problem error={asked.error} onRetry={() => void asked.refetch()} />
      {asked.data?.data.length === 0 && <Empty title="Nobody has said anything yet" />}
      <div className="stack">
        {asked.data?.data.map(({ slug, title, helpful, not_helpful, words }) => (
          <Sheet
            key={slug}
            title={
              <Link to="/help/$slug" params={{ slug }}>
                {title}
              </Link>
            }
            aside={
              <span className="num">
                {helpful} yes · {not_helpful} no
              </span>
            }
          >
            <ul className="help-list">
              {words.map((said) => (
                <li key={`${said.organization} ${said.at.getTime()}`}>
                  {said.words}
                  <span className="fine">
                    {said.organization}, {instant(said.at)}
                  </span>
                </li>
              ))}
            </ul>
          </Sheet>
        ))}
      </div>
    </>
  );
}
