import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { lockPhone } from '#features/text-consents/read-text-consents.ts';
import { newId } from '#lib/ids.ts';

export type SaidOfTexts = {
  organizationId: string;
  phone: string;
  kind: 'given' | 'withdrawn' | 'stop' | 'start';
  /** Left out when the phone speaks for itself. */
  customerId?: string;
  words: string;
  wordsVersion?: string;
  source: 'portal' | 'staff' | 'text' | 'carrier';
  note?: string;
  saidBy: string;
};

const facts = {
  given: 'text_consent.given',
  withdrawn: 'text_consent.withdrawn',
  stop: 'text_consent.stopped',
  start: 'text_consent.started',
} as const;

/** Keep that somebody agreed to text messages, or wants no more of them. Said twice, it is kept once. */
export async function recordTextConsent(
  tx: Tx,
  actor: Actor,
  said: SaidOfTexts,
  now: Date,
): Promise<{ isNew: boolean }> {
  const { organizationId, phone, customerId, kind } = said;
  await lockPhone(tx, organizationId, phone);
  const last = await tx.row<{ kind: string; words: string }>(sql`select kind, words from text_consents
    where organization_id = ${organizationId} and phone = ${phone}
      and customer_id is not distinct from ${customerId ?? null}
    order by number desc limit 1`);
  if (last?.kind === kind && (kind !== 'given' || last.words === said.words)) return { isNew: false };
  const id = newId('textConsent');
  await tx.run(sql`
    insert into text_consents (organization_id, id, customer_id, phone, kind, words, words_version, source, note,
      said_by, said_at)
    values (${organizationId}, ${id}, ${customerId ?? null}, ${phone}, ${kind}, ${said.words.slice(0, 2000)},
      ${said.wordsVersion ?? ''}, ${said.source}, ${said.note ?? ''}, ${said.saidBy}, ${now})`);
  const about = customerId ? [customerId] : await customersOf(tx, organizationId, phone);
  const data = { phone, source: said.source };
  await record(
    tx,
    { actor, organizationId, now },
    about.length > 0
      ? about.map((each) => ({ type: facts[kind], subjectId: id, customerId: each, data }))
      : [{ type: facts[kind], subjectId: id, data }],
  );
  return { isNew: true };
}

/** Whose phone it is, as far as anybody has said so. */
async function customersOf(tx: Tx, organizationId: string, phone: string): Promise<string[]> {
  const rows = await tx.rows<{ customerId: string }>(sql`select distinct customer_id from text_consents
    where organization_id = ${organizationId} and phone = ${phone} and customer_id is not null
    order by customer_id limit 100`);
  return rows.map((row) => row.customerId);
}
