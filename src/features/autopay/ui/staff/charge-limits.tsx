import { listChargeLimits } from '#features/autopay/api.ts';
import { Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { State } from '#ui/state.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

const severities = {
  block: { word: 'Enforced', tone: 'bad' },
  warn: { word: 'Take care', tone: 'warn' },
  inform: { word: 'Know', tone: 'neutral' },
} as const;

/** What holds whatever is chosen in the settings of retries and notices, each line with where it is from. */
export function ChargeLimits() {
  const limits = useAsk(listChargeLimits);
  if (!limits.data) return limits.error ? <Problem error={limits.error} /> : null;
  return (
    <Sheet title="What networks, Nacha and law allow">
      <ul className="ceilings">
        {limits.data.limits.map(({ of, title, says, severity, source }) => (
          <li key={`${of} ${title}`}>
            <div className="ceiling-head">
              <span className="strong">
                {of}: {title}
              </span>
              <State tone={severities[severity].tone}>{severities[severity].word}</State>
            </div>
            <p>{says}</p>
            <p className="fine">
              <a href={source} target="_blank" rel="noreferrer">
                {new URL(source).hostname.replace(/^www\./, '')}
              </a>
            </p>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}
