import { comparePromises, query, theirList } from './audit.ts';
import type { Intent, Target } from './intents.ts';

/** Where our books are, and whose. */
export type Ours = { dataDir: string; organizationId: string };

type OurRefund = { id: string; request_key: string; state: string; amount: number; by_hand: boolean };
type TheirRefund = { id: string; refund_id: string; status: string; amount: number };
type OurMemo = { id: string; reason: string; amount: number; applied: number };
type OurPayout = {
  reference: string;
  state: string;
  amount: number;
  exception: string | null;
  lines: number;
};
type TheirPayout = { id: string; status: string; amount: string; made_on: string };

const kept = (problems: (string | false | undefined)[]): string[] =>
  problems.filter((problem) => typeof problem === 'string');

/** Refunds, voids and credit that clients were promised, and the gateway's own refunds, against our rows. */
export async function compareBack(
  { dataDir, organizationId }: Ours,
  target: Target,
  intents: readonly Intent[],
): Promise<string[]> {
  const of = (what: Intent['what']): Intent[] => intents.filter((intent) => intent.what === what);
  const refunds = await query<OurRefund>(
    dataDir,
    `select id, request_key, state, amount::float8 as amount, gateway_account_id is null as by_hand
    from refunds where organization_id = $1`,
    [organizationId],
  );
  const memos = await query<OurMemo>(
    dataDir,
    `select id, reason, total::float8 as amount, applied::float8 as applied from credit_memos
    where organization_id = $1 and reason = any($2)`,
    [organizationId, of('credit').map(({ key }) => key)],
  );
  const wishes = await query<{ id: string }>(
    dataDir,
    `select id from payments where organization_id = $1 and void_requested_at is not null`,
    [organizationId],
  );
  const isWished = new Set(wishes.map(({ id }) => id));
  const byReason = new Map(memos.map((memo) => [memo.reason, memo]));
  return [
    ...comparePromises(of('refund'), new Map(refunds.map((refund) => [refund.request_key, refund]))),
    ...compareRefunds(refunds, await theirList<TheirRefund>(target, 'refunds')),
    ...kept(
      of('void').map(
        ({ madeId }) => madeId && !isWished.has(madeId) && `the void of ${madeId} was forgotten`,
      ),
    ),
    ...(byReason.size === memos.length ? [] : ['a credit memo was written twice']),
    ...comparePromises(of('credit'), byReason),
    ...compareApplied(memos, of('apply credit')),
  ];
}

/** Each refund of ours that is under way or arrived is one there, over as much; and none is there besides. */
function compareRefunds(ours: readonly OurRefund[], theirs: readonly TheirRefund[]): string[] {
  const there = Map.groupBy(theirs, (refund) => refund.refund_id);
  const ids = new Set(ours.map(({ id }) => id));
  return [
    ...ours.flatMap(({ id, state, amount, by_hand }) => {
      const [refund, ...more] = there.get(id) ?? [];
      if (by_hand) return refund ? [`${id} was given back by hand and by the gateway`] : [];
      if (more.length > 0) return [`${id} was refunded ${more.length + 1} times at the gateway`];
      if (!refund) return state === 'failed' ? [] : [`${id} (${state}) never reached the gateway`];
      if (refund.amount !== amount) return [`${id}: given back ${refund.amount}, asked for was ${amount}`];
      return state === 'failed' && refund.status !== 'failed' ? [`${id} failed here, not there`] : [];
    }),
    ...theirs.filter(({ refund_id }) => !ids.has(refund_id)).map(({ id }) => `${id} is no refund of ours`),
  ];
}

/** A memo has used what was acknowledged, each part once. */
function compareApplied(memos: readonly OurMemo[], intents: readonly Intent[]): string[] {
  return memos.flatMap(({ id, applied }) => {
    const asked = intents
      .filter(({ path, madeId }) => madeId !== undefined && path.includes(id))
      .reduce((sum, { amount }) => sum + amount, 0);
    return asked === applied ? [] : [`${id} has used ${applied}, acknowledged was ${asked}`];
  });
}

/**
 * When all has come to rest: the gateway's refunds and payouts, each to the word; a payout is the sum of its
 * lines, or an exception.
 */
export async function compareEnds({ dataDir, organizationId }: Ours, target: Target): Promise<string[]> {
  const refunds = await query<OurRefund>(
    dataDir,
    `select id, state from refunds where organization_id = $1 and gateway_account_id is not null`,
    [organizationId],
  );
  const ends = new Map(
    (await theirList<TheirRefund>(target, 'refunds')).map((refund) => [refund.refund_id, refund.status]),
  );
  const payouts = await query<OurPayout>(
    dataDir,
    `select d.gateway_reference as reference, d.state, d.amount::float8 as amount, d.exception,
      (select coalesce(sum(net), 0)::float8 from deposit_lines l
        where l.organization_id = d.organization_id and l.deposit_id = d.id) as lines
    from deposits d where d.organization_id = $1 and d.kind = 'payout'`,
    [organizationId],
  );
  const ours = new Map(payouts.map((payout) => [payout.reference, payout]));
  const theirs = await theirList<TheirPayout>(target, 'payouts');
  return [
    ...kept(
      refunds.map(({ id, state }) => {
        const there = ends.get(id);
        return there !== undefined && there !== state && `${id} ends as ${state}, there as ${there}`;
      }),
    ),
    ...(payouts.length === theirs.length
      ? []
      : [`${payouts.length} payouts here, ${theirs.length} at the gateway`]),
    ...theirs.flatMap(({ id, status, amount }) => comparePayout(ours.get(id), { id, status, amount })),
  ];
}

function comparePayout(ours: OurPayout | undefined, theirs: Omit<TheirPayout, 'made_on'>): string[] {
  const { id, status, amount } = theirs;
  if (!ours) return [`payout ${id} (${status}) is not known here`];
  return kept([
    ours.state !== status && `payout ${id} is ${ours.state}, there ${status}`,
    ours.amount !== Number(amount) && `payout ${id} is over ${ours.amount}, there ${amount}`,
    ours.lines !== ours.amount && ours.exception === null && `payout ${id} is not the sum of its lines`,
  ]);
}

export type Counts = {
  refunds: number;
  voids: number;
  credits: number;
  payouts: number;
  lost_answers: number;
};

/** How much of each there was: what nobody asked for proves nothing. */
export async function countBack({ dataDir, organizationId }: Ours): Promise<Counts> {
  const [row] = await query<Counts>(
    dataDir,
    `select (select count(*)::int from refunds where organization_id = $1) as refunds,
      (select count(*)::int from payments where organization_id = $1 and state = 'voided') as voids,
      (select count(*)::int from credit_memos where organization_id = $1) as credits,
      (select count(*)::int from deposits where organization_id = $1 and kind = 'payout') as payouts,
      (select count(*)::int from events where organization_id = $1
        and type in ('payment.unknown', 'refund.unknown')) as lost_answers`,
    [organizationId],
  );
  if (!row) throw new Error('nothing can be counted');
  return row;
}
