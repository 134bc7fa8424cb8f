import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import {
  type DomainState,
  type NeededRecord,
  type RecordCheck,
  recordsOf,
} from '#features/sending-domains/rules.ts';

type Row = {
  domain: string;
  fromLocal: string;
  selector: string;
  publicKey: string;
  state: DomainState;
  checks: RecordCheck[];
  checkedAt: Date | null;
};
export type SendingDomain = Row & { records: NeededRecord[] };

const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1);

/** The domain that an organization's mail is to come from, with the records it needs. */
export async function readSendingDomain(
  tx: Tx,
  outbox: Outbox,
  organizationId: string,
): Promise<SendingDomain | undefined> {
  const row = await tx.row<Row>(sql`
    select domain, from_local, selector, public_key, state, checks, checked_at from sending_domains
    where organization_id = ${organizationId}`);
  if (!row) return undefined;
  const { mailInHost } = outbox;
  return { ...row, records: recordsOf({ ...row, mailInHost, platformDomain: domainOf(outbox.fromEmail) }) };
}

export async function presentSendingDomain(tx: Tx, outbox: Outbox, organizationId: string) {
  const row = await readSendingDomain(tx, outbox, organizationId);
  const checkOf = new Map(row?.checks.map((check) => [check.key, check]));
  return {
    object: 'sending_domain' as const,
    platform_from: outbox.fromEmail,
    domain: row?.domain ?? null,
    from_local: row?.fromLocal ?? null,
    state: row?.state ?? null,
    checked_at: row?.checkedAt ?? null,
    records: (row?.records ?? []).map((record) => ({
      ...record,
      ok: checkOf.get(record.key)?.ok ?? null,
      problem: checkOf.get(record.key)?.problem ?? null,
    })),
  };
}
