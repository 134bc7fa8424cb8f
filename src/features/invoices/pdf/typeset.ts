import { Worker } from 'node:worker_threads';
import type { Letterhead } from './document.ts';
import type { PressAnswer, PressOrder } from './press-thread.ts';

type Waiting = { resolve(pdf: Buffer): void; reject(reason: Error): void };

/**
 * Sets a document as a tagged PDF (PDF/UA-1) with its fonts inside. Same arguments, same bytes, on any day.
 *
 * The engine is synchronous: 10 to 20 ms for a page, 300 ms for 300 lines. It runs in a thread of its own, so
 * that one long invoice does not hold up everybody's requests; documents queue there in the order they were
 * asked.
 */
export function typeset(
  template: PressOrder['job']['template'],
  data: object,
  about: {
    createdAt: Date;
    logo?: Letterhead['logo'] | undefined;
    picture?: Uint8Array | undefined;
    archival?: boolean | undefined;
    asPicture?: boolean;
  },
): Promise<Buffer> {
  const { createdAt, logo, picture, archival, asPicture } = about;
  const createdAt_s = Math.floor(createdAt.getTime() / 1000);
  const job = { template, data: JSON.stringify(data), createdAt_s, logo, picture, archival, asPicture };
  return new Promise((resolve, reject) => {
    const thread = pressThread();
    const id = nextId++;
    waiting.set(id, { resolve, reject });
    thread.ref();
    thread.postMessage({ id, job } satisfies PressOrder);
  });
}

let nextId = 1;
let running: Worker | undefined;
const waiting = new Map<number, Waiting>();

function pressThread(): Worker {
  if (running) return running;
  const thread = new Worker(new URL('./press-thread.ts', import.meta.url));
  thread.on('message', (answer: PressAnswer) => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('pdf' in answer) asked?.resolve(Buffer.from(answer.pdf.buffer));
    else asked?.reject(new Error(`the document could not be set: ${answer.reason}`));
    // An idle press must not keep a command line or a test alive.
    if (waiting.size === 0) thread.unref();
  });
  thread.on('error', (error) => stop(thread, error));
  thread.on('exit', (code) => stop(thread, new Error(`the typesetting thread ended with code ${code}`)));
  running = thread;
  return thread;
}

/** Everyone who waits is told; the next document starts a new thread. */
function stop(thread: Worker, reason: Error): void {
  if (running !== thread) return;
  running = undefined;
  for (const { reject } of waiting.values()) reject(reason);
  waiting.clear();
}
