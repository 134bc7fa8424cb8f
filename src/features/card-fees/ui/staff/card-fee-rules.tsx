import { type CardFeePolicy, type CardFeeRule, rulesFor } from '#features/card-fees/rules.ts';
import { useFrame } from '#ui/frame.tsx';
import { State, type Tone } from '#ui/state.tsx';

const severities: Record<CardFeeRule['severity'], { word: string; tone: Tone }> = {
  block: { word: 'Enforced', tone: 'bad' },
  warn: { word: 'Take care', tone: 'warn' },
  inform: { word: 'Know', tone: 'neutral' },
};

/** What networks and the law of the place say of this kind of fee, each line with where it is from. */
export function CardFeeRules({ policy, rules }: { policy: CardFeePolicy; rules: readonly CardFeeRule[] }) {
  const here = rulesFor(policy, rules);
  if (here.length === 0)
    return (
      <p className="fine">Choose a kind of fee and your state, and what is known of them stands here.</p>
    );
  return (
    <ul className="ceilings">
      {here.map((rule) => (
        <li key={`${rule.jurisdiction} ${rule.kind} ${rule.title}`}>
          <div className="ceiling-head">
            <span className="strong">{rule.title}</span>
            <State tone={severities[rule.severity].tone}>{severities[rule.severity].word}</State>
          </div>
          <p>{rule.says}</p>
          <Source text={rule.source} />
        </li>
      ))}
    </ul>
  );
}

type Lists = readonly { source: string; dated_on: string; ranges: number }[];

/** How it is known which cards are credit cards. */
export function CardKinds({ lists }: { lists: Lists }) {
  const { date } = useFrame();
  return (
    <p className="fine">
      Stripe and the sandbox say what kind of card it is. Authorize.Net tells the first digits of stored
      cards,
      {lists.length === 0
        ? ' and no list of card ranges is loaded, so they have no surcharge.'
        : ` which are looked up: ${lists
            .map(({ source, dated_on, ranges }) => `${source}, of ${date(dated_on)} (${ranges} ranges)`)
            .join('; ')}.`}{' '}
      A card of which nobody says what it is has none.
    </p>
  );
}

/** Several sources stand in one line; those with an address lead there. */
function Source({ text }: { text: string }) {
  return (
    <p className="fine">
      {text.split(', ').map((source, at) => (
        <span key={source}>
          {at > 0 && ', '}
          {/^https:\S+$/.test(source) ? (
            <a href={source} target="_blank" rel="noreferrer">
              {new URL(source).hostname.replace(/^www\./, '')}
            </a>
          ) : (
            source.replace(/^https:\/\//, '')
          )}
        </span>
      ))}
    </p>
  );
}
