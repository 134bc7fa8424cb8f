import { IconCircleCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { getAttention } from '#features/dashboard/api.ts';
import { mostCounted } from '#features/dashboard/rules.ts';
import {
  type AttentionKey,
  type AttentionItem as Item,
  attentionItems as items,
} from '#features/dashboard/ui/staff/figure-places.ts';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

/** What nobody but a person can put right, each with the list where that is done. */
export function Attention() {
  const attention = useAsk(getAttention, {}, { every_ms: 60_000 });
  if (!attention.data) return <Problem error={attention.error} onRetry={() => void attention.refetch()} />;
  const counts = attention.data;
  const waiting = (Object.keys(items) as AttentionKey[]).filter((key) => counts[key] > 0);
  return (
    <Sheet title="Needs somebody" className="attention">
      {waiting.length === 0 ? (
        <p className="row">
          <IconCircleCheck size={18} stroke={1.6} aria-hidden />
          Nothing waits for a person.
        </p>
      ) : (
        <ul>
          {waiting.map((key) => (
            <AttentionItem key={key} item={items[key]} count={counts[key]} />
          ))}
        </ul>
      )}
    </Sheet>
  );
}

function AttentionItem({ item, count }: { item: Item; count: number }) {
  const { can } = useFrame();
  const text = (
    <>
      <span className="num strong" data-tone={item.bad ? 'bad' : undefined}>
        {count < mostCounted ? count : `${mostCounted}+`}
      </span>
      <span className="attention-word">{item.words}</span>
    </>
  );
  return (
    <li>
      {can(item.scope) ? (
        <Link to={item.to} search={item.search}>
          {text}
        </Link>
      ) : (
        <span>{text}</span>
      )}
    </li>
  );
}
