import { SimulationFailure } from './fleet.ts';
import { type Figures, fleetOf, noFigures, simulate } from './simulate.ts';

export type Outcome = { figures: Figures; failures: string[] };

/** Many seeds, a few fleets at a time; the first failure ends it, and says how to see it again. */
export async function simulateMany(
  { first, seeds, fleetsAtOnce = 4 }: { first: number; seeds: number; fleetsAtOnce?: number },
  report: (figures: Figures) => void = () => undefined,
): Promise<Outcome> {
  const outcome: Outcome = { figures: { ...noFigures }, failures: [] };
  let next = first;
  const work = async () => {
    while (next < first + seeds && outcome.failures.length === 0) {
      const fleet = fleetOf(next);
      next = (fleet.at(-1) ?? next) + 1;
      try {
        const { figures } = await simulate(fleet);
        for (const key of Object.keys(noFigures) as (keyof Figures)[]) outcome.figures[key] += figures[key];
        report(outcome.figures);
      } catch (error) {
        outcome.failures.push(told(fleet, error));
      }
    }
  };
  await Promise.all(Array.from({ length: fleetsAtOnce }, work));
  return outcome;
}

function told(fleet: readonly number[], error: unknown): string {
  const what =
    error instanceof SimulationFailure
      ? error.message
      : `seeds ${fleet[0]}–${fleet.at(-1)}: ${error instanceof Error ? error.stack : error}`;
  return `${what}\n\nReplay: npx node test/simulation/replay.ts --seed ${/seeds? (\d+)/.exec(what)?.[1]}`;
}
