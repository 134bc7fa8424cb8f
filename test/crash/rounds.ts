import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askSandbox } from '#connectors/gateways/sandbox/sandbox-lab.ts';
import { type Random, seeded } from '#lib/random.ts';
import { compare, gatewayAccount, ourPayments, query, theirCharges } from './audit.ts';
import { type Counts, compareBack, compareEnds, countBack } from './audit-back.ts';
import { call, type Intent, isOpen, send, type Target } from './intents.ts';
import { openInvoices, startLoad } from './load.ts';
import {
  freePort,
  type Gateway,
  owed,
  type RunningServer,
  type ServerEnv,
  startGateway,
  startServer,
} from './processes.ts';

export type Round = Counts & {
  round: number;
  asked: number;
  acknowledged: number;
  cut: number;
  kills: number;
  ready_ms: number;
  resolved_ms: number;
  clock_days: number;
  captured: number;
  captured_amount: number;
  posted_amount: number;
  drift: number;
  problems: string[];
};
type House = {
  dir: string;
  env: ServerEnv;
  gateway: Gateway;
  server: RunningServer;
  target: Target;
  organizationId: string;
  webhookUrl: string;
  intents: Intent[];
  isThorough: boolean;
};

export type Options = {
  rounds: number;
  seed: number;
  invoices?: number;
  /** Run `owed check` after every tenth round; drift does not heal, so the last alone finds it as surely. */
  isThorough: boolean;
};

/**
 * Kill the server in the middle of business, again and again; nothing may be lost, doubled or left in doubt.
 */
export async function crashRounds(options: Options, report: (round: Round) => void): Promise<Round[]> {
  const house = await open(options);
  const random = seeded(options.seed);
  const rounds: Round[] = [];
  try {
    for (let round = 1; round <= options.rounds; round += 1) {
      const result = await oneRound(house, round, random);
      rounds.push(result);
      report(result);
    }
    const last = await settleAll(house, options.rounds + 1);
    rounds.push(last);
    report(last);
    return rounds;
  } finally {
    await house.server.stop().catch(() => undefined);
    await house.gateway.stop();
    rmSync(house.dir, { recursive: true, force: true });
  }
}

async function open({ invoices = 200, isThorough }: Options): Promise<House> {
  const dir = mkdtempSync(path.join(tmpdir(), 'owed-crash-'));
  const gateway = await startGateway(path.join(dir, 'gateway'));
  const port = await freePort();
  const env: ServerEnv = {
    PORT: String(port),
    OWED_DATA_DIR: path.join(dir, 'data'),
    OWED_BASE_URL: `http://127.0.0.1:${port}`,
    OWED_SANDBOX_GATEWAY_URL: gateway.url,
  };
  const server = await startServer(env);
  const demo = await owed(env, 'demo', '--customers', '20', '--invoices', String(invoices));
  const organizationId = String(demo.organization_id);
  const account = await gatewayAccount(env.OWED_DATA_DIR, organizationId);
  return {
    dir,
    env,
    gateway,
    server,
    organizationId,
    intents: [],
    isThorough,
    target: {
      baseUrl: env.OWED_BASE_URL,
      apiKey: String(demo.api_key),
      gatewayUrl: gateway.url,
      secretKey: account.secretKey,
    },
    webhookUrl: `${env.OWED_BASE_URL}/webhooks/gateways/${account.id}`,
  };
}

async function oneRound(house: House, round: number, random: Random): Promise<Round> {
  await makeTrouble(house, round);
  const book = { invoices: await openInvoices(house.target), random, earlier: [...house.intents] };
  const load = startLoad(house.target, book);
  await sleep(random.int(150, 2500));
  // Now and then while a day passes: payouts and disputes are read, and debits looked up.
  const isDayCut = random.chance(0.4);
  const day = isDayCut ? advance(house.target, 1).catch(() => undefined) : undefined;
  await sleep(isDayCut ? random.int(20, 700) : 0);
  await house.server.kill9();
  await load.stop();
  await day;
  await makeTrouble(house, round);
  const cut = load.intents.filter(isOpen);
  house.intents.push(...load.intents);
  house.server = await startServer(house.env);
  const again = sendAgain(house.target, cut, random);
  const isKilledTwice = random.chance(0.3);
  if (isKilledTwice) {
    await sleep(random.int(20, 600));
    await house.server.kill9();
    await again;
    house.server = await startServer(house.env);
    await sendAgain(house.target, cut.filter(isOpen), random);
  }
  await again;
  // And some that were answered: the answer must be the same for ever.
  await sendAgain(
    house.target,
    load.intents.filter(({ madeId }) => madeId !== undefined && random.chance(0.2)),
    random,
  );
  const resolved = await resolve(house);
  return inspect(house, {
    round,
    asked: load.intents.length,
    cut: cut.length,
    kills: isKilledTwice ? 2 : 1,
    ready_ms: house.server.readyAfter_ms,
    ...resolved,
  });
}

/**
 * Every second round the gateway has webhooks, doubled and in disorder; and a few charges never arrive at
 * all.
 */
async function makeTrouble({ target, webhookUrl }: House, round: number): Promise<void> {
  const url = round % 2 === 0 ? webhookUrl : 'http://127.0.0.1:9/nobody-listens';
  await askSandbox(target.gatewayUrl, target.secretKey, 'PUT /v1/webhook-endpoint', { url });
  await askSandbox(target.gatewayUrl, target.secretKey, 'POST /v1/faults', {
    faults: [
      { fault: 'drop_before_commit', times: 2 },
      { fault: 'drop_answer_after_commit', times: 3 },
      { fault: 'rate_limited', times: 1, retry_after_s: 0 },
      { fault: 'http_503_before_commit', times: 1 },
      { fault: 'http_500_after_commit', times: 2 },
      { fault: 'duplicate_webhooks', times: 10 },
      { fault: 'out_of_order_webhooks', times: 10 },
    ],
  });
}

async function sendAgain(target: Target, intents: readonly Intent[], random: Random): Promise<void> {
  for (let tries = 0; tries < 5; tries += 1) {
    const left = tries === 0 ? intents : intents.filter(isOpen);
    // Impatient clients send twice at once.
    await Promise.all(
      left.flatMap((intent) =>
        random.chance(0.3) ? [send(target, intent), send(target, intent)] : [send(target, intent)],
      ),
    );
  }
}

/**
 * The server resolves every doubt by itself; where its timetable would have us wait, its clock is moved on.
 */
async function resolve(house: House): Promise<{ resolved_ms: number; clock_days: number }> {
  const began = performance.now();
  const isInDoubt = async () => (await doubtsOf(house)).length > 0;
  let clock_days = 0;
  for (let waited = 0; await isInDoubt(); waited += 1) {
    if (waited > 40) break;
    await sleep(250);
    if (waited % 4 !== 3) continue;
    await advance(house.target, 1);
    clock_days += 1;
  }
  return { resolved_ms: Math.round(performance.now() - began), clock_days };
}

/** Payments and refunds whose outcome is not known, and voids that were neither carried out nor refused. */
const doubtsOf = async (house: House): Promise<string[]> => {
  const rows = await query<{ doubt: string }>(
    house.env.OWED_DATA_DIR,
    `select id || ' is still ' || state as doubt from payments
      where organization_id = $1 and source = 'api' and state in ('pending', 'unknown')
    union all select id || ' is still ' || state from refunds
      where organization_id = $1 and state in ('pending', 'unknown')
    union all select id || ' waits to be void' from payments
      where organization_id = $1 and void_requested_at is not null and void_refused_at is null and ended_at is null`,
    [house.organizationId],
  );
  return rows.map(({ doubt }) => doubt);
};

const advance = (target: Target, days: number) =>
  call(target, 'POST', '/v1/clock/advance', { body: { days }, patience_ms: 600_000 });

type SoFar = Pick<Round, 'round' | 'asked' | 'cut' | 'kills' | 'ready_ms' | 'resolved_ms' | 'clock_days'>;

async function inspect(house: House, soFar: SoFar, isLast = false): Promise<Round> {
  const { env, organizationId, intents, target } = house;
  const ours = await ourPayments(env.OWED_DATA_DIR, organizationId);
  const { problems, ...figures } = compare(intents, ours, await theirCharges(target));
  const where = { dataDir: env.OWED_DATA_DIR, organizationId };
  problems.push(...(await doubtsOf(house)), ...(await compareBack(where, target, intents)));
  for (const intent of intents.filter(isOpen)) problems.push(`${intent.key} was never answered`);
  const isChecked = isLast || (house.isThorough && soFar.round % 10 === 0);
  const check = isChecked ? await owed(env, 'check', '--organization', organizationId) : { drift: 0 };
  const drift = Number(check.drift);
  if (drift !== 0) problems.push(`owed check: ${JSON.stringify(check.problems)}`);
  return {
    ...soFar,
    ...(await countBack(where)),
    acknowledged: intents.filter(({ madeId }) => madeId !== undefined).length,
    captured: figures.captured,
    captured_amount: figures.captured_amount,
    posted_amount: figures.posted_amount,
    drift,
    problems,
  };
}

/**
 * Six days on, all has settled or come back; then each payment is what the gateway says of it, to the word.
 */
async function settleAll(house: House, round: number): Promise<Round> {
  for (let day = 0; day < 6; day += 1) await advance(house.target, 1);
  const nothing = { asked: 0, cut: 0, kills: 0, ready_ms: 0, resolved_ms: 0 };
  const result = await inspect(house, { ...nothing, round, clock_days: 6 }, true);
  const theirs = new Map(
    (await theirCharges(house.target)).map((charge) => [charge.payment_id, charge.status]),
  );
  for (const { id, kind, state } of await ourPayments(house.env.OWED_DATA_DIR, house.organizationId)) {
    const status = theirs.get(id);
    if ((kind === 'card' || kind === 'bank_account') && status !== state)
      result.problems.push(`${id} ends as ${state}, there as ${status}`);
  }
  const where = { dataDir: house.env.OWED_DATA_DIR, organizationId: house.organizationId };
  result.problems.push(...(await compareEnds(where, house.target)));
  return result;
}
