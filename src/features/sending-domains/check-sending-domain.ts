import { sql } from 'kysely';
import { type Actor, type Database, systemActor, type Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import type { Dns } from '#features/sending-domains/dns.ts';
import { readSendingDomain } from '#features/sending-domains/queries.ts';
import { checkRecord, type RecordCheck, stateByChecks } from '#features/sending-domains/rules.ts';

export type DomainDeps = { db: Database; dns: Dns; outbox: Outbox };
type By = { actor: Actor; organizationId: string };

/** The journey of a check: ask the DNS for each record with nothing open, and record what was found. */
export async function checkSendingDomain(deps: DomainDeps, by: By, now: Date): Promise<void> {
  const { organizationId, actor } = by;
  const before = await deps.db.transaction(actor, (tx) => readSendingDomain(tx, deps.outbox, organizationId));
  if (!before) return;
  const checks = await Promise.all(
    before.records.map(async (each) => checkRecord(each, await deps.dns.ask(each.type, each.name))),
  );
  await deps.db.transaction(actor, (tx) =>
    recordDomainCheck(tx, actor, { organizationId, outbox: deps.outbox, domain: before.domain, checks }, now),
  );
}

/** What the DNS holds now. A domain that was changed meanwhile is left alone. */
async function recordDomainCheck(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; outbox: Outbox; domain: string; checks: readonly RecordCheck[] },
  now: Date,
): Promise<void> {
  const { organizationId, domain, checks } = input;
  const row = await readSendingDomain(tx, input.outbox, organizationId);
  if (row?.domain !== domain) return;
  const state = stateByChecks(row.state, row.records, checks);
  await tx.run(sql`
    update sending_domains set state = ${state}, checks = ${JSON.stringify(checks)}, checked_at = ${now},
      verified_at = case when ${state} = 'verified' then coalesce(verified_at, ${now}::timestamptz) end
    where organization_id = ${organizationId} and domain = ${domain}`);
  if (state === row.state && state === 'verified') return;
  await record(tx, { actor, organizationId, now }, [
    { type: 'organization.sending_domain_checked', subjectId: organizationId, data: { domain, state } },
  ]);
}

/** Once a day, whether what was verified still is: mail signed for a key that is gone would be refused. */
export async function sweepSendingDomains(deps: DomainDeps, realNow: Date): Promise<void> {
  const rows = await deps.db.transaction(systemActor('sweep'), (tx) =>
    tx.rows<{ organizationId: string; now: Date }>(sql`
      select d.organization_id, ${realNow}::timestamptz + o.clock_offset_ms * interval '1 millisecond' as now
      from sending_domains d join organizations o on o.id = d.organization_id where d.state = 'verified'`),
  );
  for (const { organizationId, now } of rows) {
    const actor: Actor = { kind: 'job', organizationId, name: 'sweep-sending-domains' };
    await checkSendingDomain(deps, { actor, organizationId }, now);
  }
}
