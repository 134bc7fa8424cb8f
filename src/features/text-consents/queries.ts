import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { readTextConsents } from '#features/text-consents/read-text-consents.ts';
import { readConsentAsk } from '#features/text-consents/say-consent.ts';
import { snake } from '#lib/casing.ts';

type LogRow = {
  id: string;
  phone: string;
  kind: 'given' | 'withdrawn' | 'stop' | 'start';
  words: string;
  source: 'portal' | 'staff' | 'text' | 'carrier';
  note: string;
  saidBy: string;
  saidAt: Date;
};

/** Where a customer stands with text messages, newest word first. */
export async function readTextConsent(tx: Tx, organizationId: string, customerId: string) {
  const ask = await readConsentAsk(tx, organizationId, customerId);
  const log = await tx.rows<LogRow>(sql`
    select t.id, t.phone, t.kind, t.words, t.source, t.note, coalesce(staff_name(t.said_by), t.said_by) as said_by, t.said_at
    from text_consents t
    where t.organization_id = ${organizationId} and (t.customer_id = ${customerId}
      or (t.customer_id is null and t.phone in (select own.phone from text_consents own
        where own.organization_id = ${organizationId} and own.customer_id = ${customerId})))
    order by t.number desc limit 50`);
  const [may] = ask.phone
    ? await readTextConsents(tx, organizationId, [{ phone: ask.phone, customerId }])
    : [];
  const last = log.find(
    (row) => row.phone === ask.phone && (row.kind === 'given' || row.kind === 'withdrawn'),
  );
  const state =
    may === true
      ? ('given' as const)
      : may === 'stopped'
        ? ('stopped' as const)
        : last?.kind === 'withdrawn'
          ? ('withdrawn' as const)
          : ('none' as const);
  return {
    object: 'text_consent' as const,
    customer_id: customerId,
    phone: ask.phone,
    phone_shown: ask.shown,
    state,
    words: ask.words,
    words_version: ask.wordsVersion,
    log: log.map((row) => snake(row)),
  };
}
