import { sql } from 'kysely';
import { pullPayouts } from '#features/deposits/pull-payouts.ts';
import { assignDeposit, resolveDeposit } from '#features/deposits/resolve-deposit.ts';
import { Refusal } from '#lib/errors.ts';
import { start } from '../support/given.ts';
import { type Fleet, fail, type Run } from './fleet.ts';
import { clearedBy, hearPayout, type PayoutBook } from './reference-payouts.ts';
import type { Rows } from './rows.ts';

/** The gateway pays out, its payouts move on, and the books ask about them: sometimes in vain, in part or twice. */
export async function pullSome(fleet: Fleet): Promise<void> {
  const { random, gateway } = fleet;
  const desk = gateway.payouts;
  for (let made = random.int(0, 4); made > 0; made -= 1) desk.make(random);
  for (const payout of desk.payouts)
    if (random.chance(0.4)) payout.at = Math.min(payout.versions.length - 1, payout.at + 1);
  const chance = random.next();
  if (chance < 0.15) return pull(fleet, 'fails');
  if (chance < 0.3) return pull(fleet, random.int(0, desk.payouts.length));
  if (chance < 0.6 && isSettled(fleet)) await Promise.all([pull(fleet), pull(fleet)]);
  else await pull(fleet);
}

/** Told all of it twice, would the books say what they say after once? Only then may two readers race. */
function isSettled({ gateway, payouts }: Fleet): boolean {
  const books = { told: new Map(payouts.told), with: new Map(payouts.with) };
  const pass = (): string => {
    for (const version of gateway.payouts.list()) hearPayout(books, version, gateway);
    const exceptions = [...books.told].map(([reference, { isException }]) => `${reference} ${isException}`);
    return [...exceptions, ...[...books.with].sort()].join();
  };
  const once = pass();
  return once === pass();
}

export async function pull(fleet: Fleet, how: 'fails' | 'all' | number = 'all'): Promise<void> {
  const { books, gateway, runs } = fleet;
  const { db, organizationId, gatewayAccountId } = books;
  for (const run of runs) run.trace.push(`${run.step} payouts are asked about (${how})`);
  const list = gateway.payouts.list().slice(0, typeof how === 'number' ? how : undefined);
  const payouts = {
    list: async () => {
      if (how === 'fails') throw new Refusal('unavailable', 'The gateway answered with status 503.');
      return list;
    },
  };
  const line = { ...gateway.line({ charge: 'answers', lookup: 'answers' }), payouts };
  const asking = pullPayouts({ db, gateways: { open: () => line } }, { organizationId, gatewayAccountId });
  if (how !== 'fails') {
    await asking;
    for (const version of list) hearPayout(fleet.payouts, version, gateway);
    return;
  }
  const error: unknown = await asking.catch((reason: unknown) => reason);
  if (!(error instanceof Refusal)) fail(runs[0] as Run, 'a failed question for payouts was passed over');
}

/** A person takes an exception on, and may find out what it is. */
export async function lookAfter(fleet: Fleet, isEach: boolean): Promise<void> {
  const { books, payouts, random, userId } = fleet;
  const { organizationId, actor } = books;
  const open = [...payouts.told].filter(([, { isException, isResolved }]) => isException && !isResolved);
  for (const [reference, book] of isEach ? open : open.slice(0, 1)) {
    const depositId = await depositOf(fleet, reference);
    await books.tx((tx) => assignDeposit(tx, actor, { organizationId, depositId, ownerId: userId }, start));
    book.ownerId = userId;
    if (random.chance(0.5)) continue;
    await books.tx((tx) =>
      resolveDeposit(tx, actor, { organizationId, depositId, resolution: 'The gateway erred.' }, start),
    );
    book.isResolved = true;
    book.isPosted = book.version.state === 'paid';
  }
}

async function depositOf({ books }: Fleet, reference: string): Promise<string> {
  const row = await books.tx((tx) =>
    tx.row<{ id: string }>(sql`select id from deposits
    where organization_id = ${books.organizationId} and gateway_reference = ${reference}`),
  );
  return row?.id ?? '';
}

type Row = {
  id: string;
  reference: string;
  state: string;
  amount: bigint;
  isException: boolean;
  isResolved: boolean;
  isPosted: boolean;
  ownerId: string | null;
  lines: bigint;
  payments: string;
};

/** Every payout's row, lines and journal entries, and which payments came with it, against the model. */
export async function comparePayouts(fleet: Fleet, ledger: Rows['ledger']): Promise<void> {
  const { books, payouts } = fleet;
  if (payouts.told.size === 0) return;
  const rows = await books.tx((tx) =>
    tx.rows<Row>(sql`
    select d.id, d.gateway_reference as reference, d.state, d.amount, d.exception is not null as is_exception,
      d.resolved_at is not null as is_resolved, d.posted_at is not null as is_posted, d.owner_id,
      (select coalesce(sum(n.net), 0)::bigint from deposit_lines n
        where n.organization_id = d.organization_id and n.deposit_id = d.id) as lines,
      (select coalesce(string_agg(p.id::text, ' ' order by p.id), '') from payments p
        where p.organization_id = d.organization_id and p.deposit_id = d.id) as payments
    from deposits d where d.organization_id = ${books.organizationId}`),
  );
  const about = fleet.runs[0] as Run;
  if (rows.length !== payouts.told.size)
    fail(about, `${rows.length} payouts stand where ${payouts.told.size} were told of`);
  for (const row of rows) {
    const { id, reference: _, ...own } = row;
    const real = shown({
      ...own,
      bank: ledger([id], 'bank'),
      clearing: ledger([id], 'gateway_clearing'),
      fees: ledger([id], 'processing_fees'),
    });
    const model = showModel(fleet, row.reference);
    if (real !== model) fail(about, `payout ${row.reference} is ${real}, and must be ${model} (some seed)`);
  }
}

const shown = (value: object): string =>
  Object.entries(value)
    .map(([key, item]) => `${key} ${item}`)
    .join(', ');

function showModel({ payouts }: Fleet, reference: string): string {
  const book = payouts.told.get(reference) as PayoutBook;
  const { version, isPosted, isException, isResolved, ownerId } = book;
  const cleared = clearedBy(version);
  const payments = [...payouts.with].filter(([, where]) => where === reference).map(([id]) => id);
  return shown({
    state: version.state,
    amount: version.amount,
    isException,
    isResolved,
    isPosted,
    ownerId,
    lines: version.lines.reduce((sum, { net }) => sum + net, 0n),
    payments: payments.sort().join(' '),
    bank: isPosted ? version.amount : 0n,
    clearing: isPosted ? -cleared : 0n,
    fees: isPosted ? cleared - version.amount : 0n,
  });
}

/** What payouts took out of clearing, by the model. */
export const clearedInAll = ({ payouts }: Fleet): bigint =>
  [...payouts.told.values()]
    .filter(({ isPosted }) => isPosted)
    .reduce((sum, { version }) => sum + clearedBy(version), 0n);
