import { Button } from '@mantine/core';
import type { z } from 'zod';
import { removeLateFeeCeiling, type zLateFeeCeiling } from '#features/late-fees/api.ts';
import { isWithinPlace, standingTo } from '#features/late-fees/ceiling-rules.ts';
import type { LateFeeTerms } from '#features/late-fees/rules.ts';
import { useFrame } from '#ui/frame.tsx';
import { tellProblem } from '#ui/problem.tsx';
import { State, type Tone } from '#ui/state.tsx';
import { useAct } from '#ui/use-endpoint.ts';

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
        <li key={ceiling.id ?? `${ceiling.jurisdiction} ${ceiling.title}`}>
          <div className="ceiling-head">
            <span className="strong">{ceiling.title}</span>
            <Standing ceiling={ceiling} terms={terms} />
          </div>
          <p>{ceiling.says}</p>
          <Source ceiling={ceiling} />
        </li>
      ))}
    </ul>
  );
}

/** Where it is from and when somebody looked; one of the organization's own can be dropped again. */
function Source({ ceiling: { id, title, source, verified_on: verifiedOn } }: { ceiling: Ceiling }) {
  const { date, can } = useFrame();
  const act = useAct(removeLateFeeCeiling);
  const url = URL.canParse(source) && /^https?:/.test(source) ? new URL(source) : undefined;
  return (
    <p className="fine">
      {url ? (
        <a href={url.href} target="_blank" rel="noreferrer">
          {url.hostname.replace(/^www\./, '')}
        </a>
      ) : (
        source
      )}
      {verifiedOn && `, looked up on ${date(verifiedOn)}`}
      {id && can('settings:write') && (
        <>
          {' · '}
          <Button
            size="compact-xs"
            variant="subtle"
            loading={act.busy}
            aria-label={`Drop ${title}`}
            onClick={() => void act.run({ params: { id } }).catch(tellProblem)}
          >
            Drop
          </Button>
        </>
      )}
    </p>
  );
}

function Standing({ ceiling, terms }: { ceiling: Ceiling; terms: LateFeeTerms }) {
  const standing = standingTo(ceiling, terms);
  if (standing === 'apart') return null;
  const { word, tone } =
    standing === 'within' ? ({ word: 'Within', tone: 'good' } as const) : aboveTone[ceiling.severity];
  return <State tone={tone}>{word}</State>;
}
