import { EventEmitter } from 'node:events';
import { Logger, type Runner, run, type WorkerEvents } from 'graphile-worker';
import type pg from 'pg';

export type Job = (payload: never) => Promise<void>;
export type Jobs = Record<string, Job>;

/** A sweep that runs by the clock: `cron` is minute, hour, day, month, weekday, in UTC. */
export type CronLine = { cron: string; job: string };

export type WorkerOptions = {
  pool: pg.Pool;
  jobs: Jobs;
  schedule: readonly CronLine[];
  concurrency: number;
  onError(job: string, error: unknown): void;
};

/**
 * Work the queue until stopped. A job may run more than once (a process dies between the deed and the word),
 * so each is written to be harmless the second time.
 */
export async function startWorker(options: WorkerOptions): Promise<{ stop(): Promise<void> }> {
  const events: WorkerEvents = new EventEmitter();
  events.on('job:error', ({ job, error }) => options.onError(job.task_identifier, error));
  const runner: Runner = await run({
    pgPool: options.pool,
    concurrency: options.concurrency,
    pollInterval: 1000,
    noHandleSignals: true,
    events,
    crontab: options.schedule.map((line) => `${line.cron} ${line.job} ?max=3`).join('\n'),
    taskList: Object.fromEntries(
      Object.entries(options.jobs).map(([name, job]) => [
        name,
        async (payload: unknown) => job(payload as never),
      ]),
    ),
    // Its own log repeats what the events say, with payloads in it.
    logger: new Logger(() => () => undefined),
  });
  return { stop: () => runner.stop() };
}

/**
 * Give back jobs whose worker is dead: all of them when this process is the only one (`olderThan_s` 0), else
 * those that were taken so long ago that no job of ours could still be at work.
 */
export async function releaseJobs(pool: pg.Pool, olderThan_s: number): Promise<void> {
  await pool.query(
    `select graphile_worker.force_unlock_workers(array(
      select distinct locked_by from graphile_worker._private_jobs
      where locked_by is not null and locked_at <= now() - make_interval(secs => $1)))`,
    [olderThan_s],
  );
}
