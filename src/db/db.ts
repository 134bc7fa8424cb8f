import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  sql,
} from 'kysely';
import pg from 'pg';
import { arrayParameter } from '#db/array-parameter.ts';
import { readTextArray } from '#db/text-array.ts';
import type { Origin } from '#lib/origin.ts';

/**
 * Who acts. It decides the database role of the transaction, and with it which rows exist for it
 * (src/db/migrations/0002-walls-between-organizations.sql). Who asks over the network brings along from
 * where.
 */
export type Actor =
  | {
      kind: 'user';
      organizationId: string;
      userId: string;
      roles: readonly string[];
      ownScopes?: readonly string[];
      origin?: Origin;
    }
  | {
      kind: 'api_key';
      organizationId: string;
      apiKeyId: string;
      scopes: readonly string[];
      origin?: Origin;
    }
  | { kind: 'job'; organizationId: string; name: string }
  | { kind: 'portal_user'; organizationId: string; portalUserId: string; customerId: string; origin?: Origin }
  | { kind: 'payer_link'; organizationId: string; customerId: string; invoiceId?: string; origin?: Origin }
  | { kind: 'system'; name: string };

export const systemActor = (name: string): Actor => ({ kind: 'system', name });

export type Statement<Row> = RawBuilder<Row>;

declare const transactionBrand: unique symbol;

/**
 * One open transaction. Only transaction() makes it, so a function that takes a Tx cannot run outside of one.
 */
export type Tx = {
  readonly [transactionBrand]: true;
  rows<Row>(statement: Statement<Row>): Promise<Row[]>;
  /**
   * The same, planned for these very values: for lists, whose filters decide which index is the right one.
   */
  list<Row>(statement: Statement<Row>): Promise<Row[]>;
  /** The first row, or undefined. */
  row<Row>(statement: Statement<Row>): Promise<Row | undefined>;
  /** For statements without an answer: how many rows they touched. */
  run(statement: Statement<unknown>): Promise<number>;
  /**
   * Several writes and one last call in a single round trip. They see the database as it was before any of
   * them, so none may rest on another's rows; foreign keys are checked when all are done.
   */
  writeAll(writes: readonly Statement<unknown>[], last?: Statement<unknown>): Promise<void>;
  /** For COPY, which no statement builder knows. */
  readonly client: pg.PoolClient;
  readonly requestId: string | undefined;
};

export type Database = {
  readonly pool: pg.Pool;
  transaction<T>(actor: Actor, work: (tx: Tx) => Promise<T>, requestId?: string): Promise<T>;
  close(): Promise<void>;
};

const compiler = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

// bigint columns are BigInt, dates stay the text they are (a Date would shift them by the machine's zone).
const parsers = new Map<number, (text: string) => unknown>([
  [20, BigInt],
  [1082, (text) => text],
  [1009, readTextArray],
  [1016, (text) => text.slice(1, -1).split(',').filter(Boolean).map(BigInt)],
]);
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    parsers.get(oid) ?? pg.types.getTypeParser(oid, format ?? 'text')) as typeof pg.types.getTypeParser,
};

// Named statements are planned once a connection: half the server's CPU (measured). The map is bounded,
// because a
// statement text that varies without end would otherwise fill the server's memory.
const names = new Map<string, string>();
const maxNames = 1500;
function statementName(text: string): string | undefined {
  const known = names.get(text);
  if (known || names.size >= maxNames) return known;
  const name = `q${names.size}`;
  names.set(text, name);
  return name;
}

const camel = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

function toObjects<Row>(result: pg.QueryArrayResult): Row[] {
  const keys = result.fields.map((field) => camel(field.name));
  return result.rows.map((values: unknown[]) => {
    const row: Record<string, unknown> = {};
    for (let i = 0; i < keys.length; i += 1) row[keys[i] as string] = values[i];
    return row as Row;
  });
}

async function query(
  client: pg.PoolClient,
  statement: Statement<unknown>,
  isNamed = true,
): Promise<pg.QueryArrayResult> {
  const compiled = statement.compile(compiler);
  const name = isNamed ? statementName(compiled.sql) : undefined;
  return client.query({
    ...(name ? { name } : {}),
    text: compiled.sql,
    values: compiled.parameters.map(arrayParameter),
    rowMode: 'array',
  });
}

function makeTx(client: pg.PoolClient, requestId: string | undefined): Tx {
  const tx = {
    rows: async <Row>(statement: Statement<Row>) => toObjects<Row>(await query(client, statement)),
    list: async <Row>(statement: Statement<Row>) => toObjects<Row>(await query(client, statement, false)),
    row: async <Row>(statement: Statement<Row>) => toObjects<Row>(await query(client, statement))[0],
    run: async (statement: Statement<unknown>) => (await query(client, statement)).rowCount ?? 0,
    writeAll: async (writes: readonly Statement<unknown>[], last?: Statement<unknown>) => {
      if (writes.length === 0 && !last) return;
      const parts = writes.map((write, at) => sql`${sql.raw(`w${at}`)} as (${write})`);
      const ctes = parts.length > 0 ? sql`with ${sql.join(parts)} ` : sql``;
      await query(client, sql`${ctes}${last ?? sql`select 1`}`);
    },
    client,
    requestId,
  };
  return tx as typeof tx & Tx;
}

/**
 * Opens the transaction as the actor's role in one round trip. Ids are checked, so they may stand in the
 * text.
 */
function beginAs(actor: Actor): string {
  const isPayer = actor.kind === 'portal_user' || actor.kind === 'payer_link';
  const role = actor.kind === 'system' ? 'owed_system' : isPayer ? 'owed_portal' : 'owed_app';
  const organizationId = actor.kind === 'system' ? '' : actor.organizationId;
  const customerIds = isPayer ? actor.customerId : '';
  for (const id of [organizationId, customerIds]) {
    if (!/^([a-z]{3}_[0-9a-z]{22})?$/.test(id)) throw new Error(`not an id: ${id}`);
  }
  return `begin; set local role ${role}; set local owed.organization_id = '${organizationId}';
    set local owed.customer_ids = '${customerIds}'`;
}

/**
 * The same actor with the rights of its organization: for commands that a payer may start but not do by hand.
 */
export const onBehalfOf = (actor: Actor): Actor =>
  actor.kind === 'portal_user' || actor.kind === 'payer_link'
    ? { kind: 'job', organizationId: actor.organizationId, name: actor.kind }
    : actor;

/**
 * Serialization failures and deadlocks happened to nobody: the whole transaction is run again, a few times.
 * So is one that met another request with its key: the second run finds what the first one wrote.
 */
const mayRetry = (error: unknown): boolean =>
  error instanceof pg.DatabaseError &&
  (error.code === '40001' ||
    error.code === '40P01' ||
    error.constraint === 'payments_request_key' ||
    error.constraint === 'refunds_request_key');

export function openDatabase(config: pg.PoolConfig): Database {
  const pool = new pg.Pool({ max: 20, ...config, types });
  // Without these an idle connection that the server closes would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));

  async function attempt<T>(
    actor: Actor,
    work: (tx: Tx) => Promise<T>,
    requestId: string | undefined,
  ): Promise<T> {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      await client.query(beginAs(actor));
      const result = await work(makeTx(client, requestId));
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch((failure: Error) => {
        broken = failure;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  return {
    pool,
    async transaction(actor, work, requestId) {
      for (let tries = 1; ; tries += 1) {
        try {
          return await attempt(actor, work, requestId);
        } catch (error) {
          if (tries >= 5 || !mayRetry(error)) throw error;
        }
      }
    },
    close: () => pool.end(),
  };
}
