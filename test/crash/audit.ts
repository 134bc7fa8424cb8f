import path from 'node:path';
import pg from 'pg';
import { masterKey } from '#config.ts';
import { askSandbox } from '#connectors/gateways/sandbox/sandbox-lab.ts';
import { attachEmbedded } from '#db/embedded.ts';
import { makeSecrets } from '#lib/secrets.ts';
import type { Intent, Target } from './intents.ts';

export type OurPayment = { id: string; request_key: string; kind: string; state: string; amount: number };
type Charge = { id: string; payment_id: string; status: string; amount: number };

export async function query<Row extends pg.QueryResultRow>(
  dataDir: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const server = await attachEmbedded(path.join(dataDir, 'postgres'));
  if (!server) throw new Error('the server has no database');
  const client = new pg.Client(server.connection);
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** The demo organization's account at the gateway, out of its sealed credentials. */
export async function gatewayAccount(
  dataDir: string,
  organizationId: string,
): Promise<{ id: string; secretKey: string }> {
  const rows = await query<{ id: string; credentials: Buffer }>(
    dataDir,
    'select id, credentials from gateway_accounts where organization_id = $1',
    [organizationId],
  );
  const [account] = rows;
  if (!account) throw new Error('the demo has no gateway account');
  const secrets = makeSecrets(masterKey({ dataDir, secret: undefined }));
  return { id: account.id, ...(JSON.parse(secrets.decrypt(account.credentials)) as { secretKey: string }) };
}

/** What came in by the API: the demo's own history did not. */
export const ourPayments = (dataDir: string, organizationId: string): Promise<OurPayment[]> =>
  query<OurPayment>(
    dataDir,
    `select id, request_key, kind, state, amount::float8 as amount from payments
    where organization_id = $1 and source = 'api'`,
    [organizationId],
  );

export const theirCharges = (target: Target): Promise<Charge[]> => theirList(target, 'charges');

/** The fake's own books, whole. */
export async function theirList<Row extends { id: string }>(target: Target, what: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const after = rows.at(-1);
    const page = await askSandbox(
      target.gatewayUrl,
      target.secretKey,
      `GET /v1/${what}?limit=1000${after ? `&starting_after=${after.id}` : ''}`,
    );
    rows.push(...(page.data as Row[]));
    if (page.has_more !== true) return rows;
  }
}

const isOurs = (state: string): boolean =>
  state === 'approved' || state === 'settling' || state === 'settled';
const total = (items: readonly { amount: number }[]): number =>
  items.reduce((sum, { amount }) => sum + amount, 0);

export type Findings = {
  problems: string[];
  captured: number;
  captured_amount: number;
  posted: number;
  posted_amount: number;
};

/** Every promise made to a client, and every charge of the gateway, against our payments. */
export function compare(
  intents: readonly Intent[],
  ours: readonly OurPayment[],
  theirs: readonly Charge[],
): Findings {
  const problems: string[] = [];
  const byKey = new Map(ours.map((payment) => [payment.request_key, payment]));
  const known = new Set(intents.map(({ key }) => key));
  if (byKey.size !== ours.length) problems.push('a key has two payments');
  for (const payment of ours)
    if (!known.has(payment.request_key)) problems.push(`${payment.id} was asked for by nobody`);
  const asked = intents.filter(({ what }) => what === 'charge' || what === 'payment');
  problems.push(...comparePromises(asked, byKey));
  const charged = new Map<string, Charge[]>();
  for (const charge of theirs)
    charged.set(charge.payment_id, [...(charged.get(charge.payment_id) ?? []), charge]);
  for (const payment of ours) compareCharge(payment, charged.get(payment.id) ?? [], problems);
  const ids = new Set(ours.map(({ id }) => id));
  for (const charge of theirs)
    if (!ids.has(charge.payment_id)) problems.push(`${charge.id} at the gateway is no payment of ours`);
  // Bank debits are captured there while they are on their way here, so money in the books is compared by
  // card.
  const cards = new Set(ours.filter(({ kind }) => kind === 'card').map(({ id }) => id));
  const captured = theirs.filter(({ payment_id, status }) => cards.has(payment_id) && isOurs(status));
  const posted = ours.filter(({ kind, state }) => kind === 'card' && isOurs(state));
  const findings = {
    captured: captured.length,
    captured_amount: total(captured),
    posted: posted.length,
    posted_amount: total(posted),
  };
  if (findings.captured !== findings.posted || findings.captured_amount !== findings.posted_amount) {
    problems.push(
      `the gateway captured ${findings.captured_amount} by card, the books have ${findings.posted_amount}`,
    );
  }
  return { problems, ...findings };
}

/** What was acknowledged is there, once and with its amount; what was refused is not. */
export function comparePromises(
  intents: readonly Intent[],
  byKey: ReadonlyMap<string, { id: string; amount: number }>,
): string[] {
  return intents.flatMap(({ key, madeId, refused, amount }) => {
    const made = byKey.get(key);
    if (refused !== undefined && made) return [`${key} was refused (${refused}) and exists as ${made.id}`];
    if (madeId === undefined) return [];
    if (made?.id !== madeId) return [`${key} was acknowledged as ${madeId} and is ${made?.id ?? 'gone'}`];
    return made.amount === amount ? [] : [`${madeId} is over ${made.amount}, asked for was ${amount}`];
  });
}

function compareCharge(payment: OurPayment, charges: readonly Charge[], problems: string[]): void {
  if (payment.kind !== 'card' && payment.kind !== 'bank_account') {
    if (charges.length > 0) problems.push(`${payment.id} was paid in hand and charged`);
    return;
  }
  const [charge] = charges;
  if (charges.length !== 1 || !charge)
    problems.push(`${payment.id} (${payment.state}) has ${charges.length} charges at the gateway`);
  else if (charge.amount !== payment.amount)
    problems.push(`${payment.id}: charged ${charge.amount}, owed ${payment.amount}`);
  else if (['declined', 'voided'].some((end) => (charge.status === end) !== (payment.state === end))) {
    problems.push(`${payment.id} is ${payment.state}, at the gateway ${charge.status}`);
  }
}
