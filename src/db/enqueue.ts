import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { toJson } from '#lib/json.ts';

export type NewJob = {
  job: string;
  payload: Record<string, unknown>;
  /** A second job with the same key replaces the first while it waits: one is enough. */
  key?: string;
  runAt?: Date;
  maxAttempts?: number;
  /** Jobs of one queue run one after the other. */
  queue?: string;
};

/** Ask for work after commit, in the same transaction: it exists exactly if the facts do. */
export async function enqueue(tx: Tx, jobs: readonly NewJob[]): Promise<void> {
  if (jobs.length === 0) return;
  const specs = jobs.map((job) => ({
    identifier: job.job,
    payload: job.payload,
    job_key: job.key,
    run_at: job.runAt,
    max_attempts: job.maxAttempts,
    queue_name: job.queue,
  }));
  await tx.run(sql`select enqueue_jobs(${toJson(specs)}::json)`);
}
