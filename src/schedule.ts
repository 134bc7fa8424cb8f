import type { CronLine } from '#jobs/worker.ts';

/**
 * Cron line → sweep: the only list (house law 9). Times are UTC; what is due is decided by each
 * organization's clock.
 */
export const schedule: readonly CronLine[] = [
  { cron: '* * * * *', job: 'sweep-lookups' },
  { cron: '* * * * *', job: 'sweep-refunds' },
  { cron: '* * * * *', job: 'sweep-messages' },
  { cron: '* * * * *', job: 'fold-daily-sums' },
  { cron: '*/5 * * * *', job: 'release-dead-jobs' },
  { cron: '11 * * * *', job: 'sweep-mail-arrivals' },
  { cron: '*/10 * * * *', job: 'sweep-days' },
  { cron: '17 * * * *', job: 'sweep-idempotency-keys' },
  { cron: '37 * * * *', job: 'sweep-payouts' },
  { cron: '47 * * * *', job: 'sweep-chargebacks' },
  { cron: '23 12 * * *', job: 'sweep-expiries' },
  { cron: '41 3 * * *', job: 'sweep-expired' },
  { cron: '53 3 * * *', job: 'sweep-downloads' },
  { cron: '29 4 * * *', job: 'sweep-sending-domains' },
];
