import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { now_ms } from './result.ts';

/** One request of a load: each is sent once, over one of as many kept connections as there are callers. */
export type Call = { path: string; headers: Record<string, string>; body: string };
type Load = { origin: string; connections: number; calls: readonly Call[] };

/** The client has a thread of its own, so that it does not take turns with the server it measures. */
export async function rateOf(load: Load): Promise<number> {
  const worker = new Worker(new URL(import.meta.url), { workerData: load });
  const [answer] = (await once(worker, 'message')) as [{ took_ms: number; failed: string | undefined }];
  await worker.terminate();
  if (answer.failed) throw new Error(answer.failed);
  return load.calls.length / (answer.took_ms / 1000);
}

function send(agent: Agent, origin: string, { path, headers, body }: Call): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      origin + path,
      { method: 'POST', agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          const { statusCode = 0 } = incoming;
          resolve(statusCode < 300 ? undefined : `answered ${statusCode}: ${Buffer.concat(chunks)}`);
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function run({ origin, connections, calls }: Load): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let next = 0;
  let failed: string | undefined;
  const start = now_ms();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let call = calls[next++]; call && !failed; call = calls[next++]) {
        const problem = await send(agent, origin, call).catch((error: Error) => error.message);
        failed ??= problem;
      }
    }),
  );
  parentPort?.postMessage({ took_ms: now_ms() - start, failed });
}

if (parentPort) await run(workerData as Load);
