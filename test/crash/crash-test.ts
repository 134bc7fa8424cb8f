import { parseArgs } from 'node:util';
import { crashRounds } from './rounds.ts';

/**
 * `npm run crash-test -- --rounds 200 --seed 1`: one JSON line a round, a summary, and 1 where a promise
 * broke.
 */
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
});
const print = (value: object): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`);
};
const rounds = await crashRounds(
  { rounds: Number(values.rounds), seed: Number(values.seed), isThorough: true },
  print,
);
const sum = (pick: (round: (typeof rounds)[number]) => number): number =>
  rounds.reduce((total, round) => total + pick(round), 0);
const last = rounds.at(-1);
const violations = sum(({ problems }) => problems.length);
print({
  rounds: Number(values.rounds),
  kills: sum(({ kills }) => kills),
  asked: sum(({ asked }) => asked),
  cut: sum(({ cut }) => cut),
  acknowledged: last?.acknowledged ?? 0,
  refunds: last?.refunds ?? 0,
  voids: last?.voids ?? 0,
  credits: last?.credits ?? 0,
  payouts: last?.payouts ?? 0,
  lost_answers: last?.lost_answers ?? 0,
  captured: last?.captured ?? 0,
  captured_amount: last?.captured_amount ?? 0,
  posted_amount: last?.posted_amount ?? 0,
  drift: sum(({ drift }) => drift),
  violations,
});
process.exit(violations === 0 ? 0 : 1);
