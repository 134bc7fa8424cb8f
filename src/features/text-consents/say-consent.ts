import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { consentWords } from '#features/text-consents/consent-rules.ts';
import { readTextConsents } from '#features/text-consents/read-text-consents.ts';
import { recordTextConsent } from '#features/text-consents/record-text-consent.ts';
import { notFound, Refusal } from '#lib/errors.ts';
import { readPhone } from '#lib/phone.ts';
import { showPhone } from '#lib/show-phone.ts';

type Row = { name: string; phone: string | null; country: string | null; ownCountry: string | null };

export type ConsentAsk = { phone: string | null; shown: string; words: string; wordsVersion: string };

/** The customer's telephone number, and what agreeing to texts to it would be agreeing to. */
export async function readConsentAsk(
  tx: Tx,
  organizationId: string,
  customerId: string,
): Promise<ConsentAsk> {
  const row = await tx.row<Row>(sql`
    select o.name, c.phone, c.billing_address->>'country' as country, o.address->>'country' as own_country
    from customers c join organizations o on o.id = c.organization_id
    where c.organization_id = ${organizationId} and c.id = ${customerId}`);
  if (!row) throw notFound('customer', customerId);
  const country = row.country || row.ownCountry || 'US';
  const phone = readPhone(row.phone ?? '', country)?.e164 ?? null;
  const shown = phone ? showPhone(phone, country) : '';
  const { text, version } = consentWords(row.name, shown || 'my telephone number');
  return { phone, shown, words: text, wordsVersion: version };
}

export type Said = {
  organizationId: string;
  customerId: string;
  given: boolean;
  source: 'portal' | 'staff';
  note?: string;
  saidBy: string;
};

/** Keep that a customer agrees to text messages at its telephone number, or takes that back. */
export async function sayConsent(tx: Tx, actor: Actor, said: Said, now: Date): Promise<void> {
  const { organizationId, customerId, given } = said;
  const ask = await readConsentAsk(tx, organizationId, customerId);
  if (!ask.phone)
    throw new Refusal(
      'state_refused',
      'There is no telephone number that texts could go to. Give one first.',
    );
  const [state] = await readTextConsents(tx, organizationId, [{ phone: ask.phone, customerId }]);
  if (given && state === 'stopped')
    throw new Refusal(
      'state_refused',
      'This phone has asked us to stop. Only the phone itself can take that back: text START to our number.',
    );
  await recordTextConsent(
    tx,
    actor,
    {
      organizationId,
      customerId,
      phone: ask.phone,
      kind: given ? 'given' : 'withdrawn',
      words: given ? ask.words : 'No more text messages.',
      wordsVersion: given ? ask.wordsVersion : '',
      source: said.source,
      saidBy: said.saidBy,
      ...(said.note ? { note: said.note } : {}),
    },
    now,
  );
}
