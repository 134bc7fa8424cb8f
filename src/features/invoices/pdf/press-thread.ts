import { parentPort } from 'node:worker_threads';
import type { PressJob } from './press.ts';
import { press } from './press.ts';

export type PressOrder = { id: number; job: PressJob };
export type PressAnswer = { id: number; pdf: Uint8Array<ArrayBuffer> } | { id: number; reason: string };

parentPort?.on('message', ({ id, job }: PressOrder) => {
  try {
    const pdf = new Uint8Array(press(job));
    parentPort?.postMessage({ id, pdf } satisfies PressAnswer, [pdf.buffer]);
  } catch (failure) {
    parentPort?.postMessage({
      id,
      reason: failure instanceof Error ? failure.message : String(failure),
    } satisfies PressAnswer);
  }
});
