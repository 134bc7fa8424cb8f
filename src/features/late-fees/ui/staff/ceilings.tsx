import type { z } from 'zod';
import type { zLateFeeCeiling } from '#features/late-fees/api.ts';
import { isWithinPlace, standingTo } from '#features/late-fees/ceiling-rules.ts';
import type { LateFeeTerms } from '#features/late-fees/rules.ts';
import { State, type Tone } from '#ui/state.tsx';

type Ceiling = z.output<typeof zLateFeeCeiling>;

/** Where one of these tells us anything. */
export const placesOf = (ceilings: readonly Ceiling[]): string[] => [
  ...new Set(ceilings.map(({ jurisdiction }) => jurisdiction)),
];

const aboveTone: Record<Ceiling['severity'], { word: string; tone: Tone }> = {
  block: { word: 'Not allowed', tone: 'bad' },
  warn: { word: 'Above', tone: 'warn' },
  inform: { word: 'Above', tone: 'neutral' },
};

/** What law and trade say, each line with how the terms stand to it and where it is from. */
export function Ceilings({
  ceilings,
  place,
  terms,
}: {
  ceilings: readonly Ceiling[];
  place: string;
  terms: LateFeeTerms;
}) {
  const here = ceilings.filter(({ jurisdiction }) => isWithinPlace(jurisdiction, place || null));
  if (here.length === 0)
    return (
      <p className="fine">
        {place
          ? 'Nothing is kept here about that place yet. Ask someone who knows its law.'
          : 'Choose whose law applies, and what is known of it stands here.'}
      </p>
    );
  return (
    <ul className="ceilings">
      {here.map((ceiling) => (
        <li key={`${ceiling.jurisdiction} ${ceiling.title}`}>
          <div className="ceiling-head">
            <span className="strong">{ceiling.title}</span>
            <Standing ceiling={ceiling} terms={terms} />
          </div>
          <p>{ceiling.says}</p>
          <a className="fine" href={ceiling.source} target="_blank" rel="noreferrer">
            {new URL(ceiling.source).hostname.replace(/^www\./, '')}
          </a>
        </li>
      ))}
    </ul>
  );
}

function Standing({ ceiling, terms }: { ceiling: Ceiling; terms: LateFeeTerms }) {
  const standing = standingTo(ceiling, terms);
  if (standing === 'apart') return null;
  const { word, tone } =
    standing === 'within' ? ({ word: 'Within', tone: 'good' } as const) : aboveTone[ceiling.severity];
  return <State tone={tone}>{word}</State>;
}
