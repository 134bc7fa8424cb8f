import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery } from '../gateway-lab.ts';

export type Receiver = {
  url: string;
  at(path: string): Delivery[];
  until(path: string, atLeast: number): Promise<void>;
  stop(): void;
};

/** The other end of the webhooks: keeps what comes, by path. */
export async function startReceiver(): Promise<Receiver> {
  const received = new Map<string, Delivery[]>();
  const server = createServer(async (asked, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of asked as AsyncIterable<Buffer>) chunks.push(chunk);
    const headers = Object.fromEntries(
      Object.entries(asked.headers).map(([name, value]) => [name, value?.toString()]),
    );
    const path = asked.url ?? '/';
    received.set(path, [...(received.get(path) ?? []), { raw: Buffer.concat(chunks), headers }]);
    response.writeHead(200).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const at = (path: string): Delivery[] => received.get(path) ?? [];
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    at,
    async until(path, atLeast) {
      for (let waited_ms = 0; at(path).length < atLeast; waited_ms += 10) {
        if (waited_ms > 5_000) throw new Error(`only ${at(path).length} webhooks came`);
        await sleep(10);
      }
    },
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
