import { sql } from 'kysely';
import type { Statement, Tx } from '#db/db.ts';
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
  if (jobs.length > 0) await tx.run(enqueueStatement(jobs));
}

export function enqueueStatement(jobs: readonly NewJob[]): Statement<unknown> {
  const specs = jobs.map((job) => ({
    identifier: job.job,
    payload: job.payload,
    job_key: job.key,
    run_at: job.runAt,
    max_attempts: job.maxAttempts,
    queue_name: job.queue,
  }));
  return sql`select enqueue_jobs(${toJson(specs)}::json)`;
}
