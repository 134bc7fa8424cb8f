/** Files that one `node --test` works through, and with which arguments. */
export type Job = { name: string; files: string[]; args: string[] };

/** These kill processes, drive a browser or measure memory: each has a process of its own. */
const alone =
  /\.spec\.ts$|^test\/crash\/|db\/embedded|connectors\/gateways|simulation\.test|\/memory\.test|test\/walls\.test/;
/** A process for each, one after the other. */
const gateways = /connectors\/gateways/;
/** What the whole suite has left behind, so only after all of it. */
const last = /^test\/after\//;
/** What CI runs and a newcomer does not wait for: every page looked at, and the longer walks and measurements. */
const long =
  /e2e\/(console-(views|keys|exports)|portal-views|dashboard-only|mails|print|paypal-fees|staff-|ten-tasks)|\/memory\.test|users\/installation\.test/;

/** How many seeds the simulations play where nobody waits for all: `npm run test:all` plays what each names itself. */
export const fewSeeds = {
  OWED_SEEDS: '80',
  OWED_COLLECTING_SEEDS: '6',
  OWED_CHASING_SEEDS: '7',
  OWED_TEXT_SEEDS: '2',
};

/** Longest first, so that no lane is left with the longest at the end; what is not named comes after. */
const longest = [/console-views/, /test\/simulation\.test/, /portal-views/, /ten-tasks/, /memory\.test/];
longest.push(/test\/crash/, gateways, /collecting-sim/, /dashboard-only/, /first-/, /staff-/);

const rank = ({ files: [file = ''] }: Job): number => {
  const at = longest.findIndex((pattern) => pattern.test(file));
  return at < 0 ? longest.length : at;
};

/** Most files share a process, where 500 tests take seconds: two such, since there are two lanes. */
export function planOf(files: readonly string[], isWhole: boolean): { jobs: Job[]; after: Job[] } {
  const chosen = files.filter((file) => isWhole || !long.test(file)).sort();
  const shared = chosen.filter((file) => !alone.test(file) && !last.test(file));
  const share = (which: 0 | 1): Job => ({
    name: `${which + 1} of 2 processes that files share`,
    files: shared.filter((_, at) => at % 2 === which),
    args: ['--test-isolation=none'],
  });
  const jobOf = (file: string): Job => ({ name: file, files: [file], args: [] });
  const own = chosen.filter((file) => alone.test(file) && !gateways.test(file)).map(jobOf);
  const ofGateways = chosen.filter((file) => gateways.test(file));
  own.push({ name: 'the gateways', files: ofGateways, args: ['--test-concurrency=1'] });
  own.sort((a, b) => rank(a) - rank(b));
  const jobs = [share(0), share(1), ...own].filter((job) => job.files.length > 0);
  return { jobs, after: chosen.filter((file) => last.test(file)).map(jobOf) };
}
