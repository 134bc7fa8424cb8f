import { systemNow } from '#lib/dates.ts';

/** The organization's now: the machine's, moved ahead by what a sandbox organization has skipped. */
export const organizationNow = (organization: { clockOffsetMs: bigint }): Date =>
  new Date(systemNow().getTime() + Number(organization.clockOffsetMs));
