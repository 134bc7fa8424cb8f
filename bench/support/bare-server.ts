import { createServer } from 'node:http';
import pg from 'pg';
import { startEmbedded } from '#db/embedded.ts';

/**
 * The bare reference, as a process of its own: `node bare-server.ts <data directory> [port]`. The same PostgreSQL by
 * the same launcher; with a port, a server whose only answer is a query through a pool of the size that Owed has.
 */
const [dataDir, port] = process.argv.slice(2);
if (!dataDir) throw new Error('name a data directory');
const database = await startEmbedded({ dataDir, durable: true });
if (port) {
  const pool = new pg.Pool({ ...database.connection, max: 20 });
  createServer((_request, response) => {
    pool.query('select 1').then(
      () => response.end('ready'),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  }).listen(Number(port), '127.0.0.1');
}
process.once('SIGTERM', () => void database.stop().then(() => process.exit(0)));
process.stdout.write('ready\n');
