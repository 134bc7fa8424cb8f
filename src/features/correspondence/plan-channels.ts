import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { type CarrierChannel, connectedAccount } from '#features/correspondence/carriers.ts';
import { isChasing } from '#features/correspondence/hold-stale.ts';
import { readTextHours, whenTextsMayArrive } from '#features/correspondence/text-hours.ts';
import { readTextConsents } from '#features/text-consents/read-text-consents.ts';
import type { PostalAddress } from '#lib/address-lines.ts';
import { type Phone, readPhone } from '#lib/phone.ts';

export type Planned = {
  id: string;
  kind: string;
  channel?: string | undefined;
  customerId?: string | undefined;
  toPhone?: string | undefined;
  toAddress?: { name: string; address: PostalAddress } | undefined;
  attachments?: readonly unknown[] | undefined;
};

/** How a text message or a letter goes, or why it does not. */
export type ChannelPlan = {
  route: 'mailbox' | 'sms' | 'letter' | 'print';
  suppressedBy?: string;
  /** By the organization's clock; undefined: it goes when something has happened. */
  firstTryAt?: Date;
  toPhone?: string;
  awaitsDocument?: boolean;
  awaitsAddress?: boolean;
};

/** Text messages and letters wait in the outbox by their channel's own rules, whoever queued them. */
export async function planChannels(
  tx: Tx,
  organizationId: string,
  messages: readonly Planned[],
  now: Date,
): Promise<Map<string, ChannelPlan>> {
  const texts = messages.filter((message) => message.channel === 'sms');
  const letters = messages.filter((message) => message.channel === 'paper');
  return new Map([
    ...(texts.length > 0 ? await planTexts(tx, organizationId, texts, now) : []),
    ...(letters.length > 0 ? await planLetters(tx, organizationId, letters, now) : []),
  ]);
}

/** A sandbox organization's messages never leave. */
async function carries(tx: Tx, organizationId: string, channel: CarrierChannel) {
  const organization = await tx.row<{ mode: string; country: string | null }>(sql`
    select mode, address->>'country' as country from organizations where id = ${organizationId}`);
  return {
    stays: organization?.mode !== 'live',
    country: organization?.country ?? 'US',
    isConnected: (await connectedAccount(tx, organizationId, channel)) !== undefined,
  };
}

async function planTexts(
  tx: Tx,
  organizationId: string,
  texts: readonly Planned[],
  now: Date,
): Promise<[string, ChannelPlan][]> {
  const { stays, country, isConnected } = await carries(tx, organizationId, 'sms');
  const route = stays ? 'mailbox' : 'sms';
  const phones = texts.map(({ toPhone }) => readPhone(toPhone ?? '', country));
  const known = texts.flatMap(({ customerId }, at) => {
    const phone = phones[at];
    return phone ? [{ at, phone: phone.e164, customerId }] : [];
  });
  const consents = await readTextConsents(tx, organizationId, known);
  const consentOf = new Map(known.map(({ at }, index) => [at, consents[index]]));
  const hours = await readTextHours(tx, organizationId, now);
  const places = await placesOf(tx, organizationId, texts);
  return texts.map((text, at) => {
    const phone = phones[at];
    const rule = ruleAgainst(phone, consentOf.get(at), stays || isConnected);
    const toPhone = phone?.e164 ?? text.toPhone ?? '';
    if (rule || !phone) return [text.id, { route, toPhone, suppressedBy: rule ?? 'bad_phone' }];
    const place = text.customerId ? places.get(text.customerId) : undefined;
    const firstTryAt = whenTextsMayArrive(hours, { address: place, phone }, now);
    return [
      text.id,
      firstTryAt ? { route, toPhone, firstTryAt } : { route, toPhone, suppressedBy: 'no_hours' },
    ];
  });
}

function ruleAgainst(
  phone: Phone | undefined,
  consent: true | 'stopped' | 'no_consent' | undefined,
  isCarried: boolean,
): string | undefined {
  if (!phone) return 'bad_phone';
  if (consent !== true) return consent ?? 'no_consent';
  return isCarried ? undefined : 'no_sms_sender';
}

/** Where those are who read for the customers, as far as their billing address tells. */
async function placesOf(tx: Tx, organizationId: string, messages: readonly Planned[]) {
  const ids = [...new Set(messages.flatMap(({ customerId }) => customerId ?? []))];
  const rows = await tx.rows<{ id: string; billingAddress: PostalAddress }>(sql`
    select asked.id, r.billing_address from unnest(${ids}::text[]) as asked(id)
    join customers r on r.organization_id = ${organizationId} and r.id = billed_to(${organizationId}, asked.id)`);
  return new Map(rows.map((row) => [row.id, row.billingAddress]));
}

async function planLetters(
  tx: Tx,
  organizationId: string,
  letters: readonly Planned[],
  now: Date,
): Promise<[string, ChannelPlan][]> {
  const { stays, isConnected } = await carries(tx, organizationId, 'paper');
  const route = stays ? 'mailbox' : isConnected ? 'letter' : 'print';
  const ids = [...new Set(letters.flatMap(({ customerId }) => customerId ?? []))];
  // One that is billed with its parent is written to at the parent's address.
  const unconfirmed = await tx.rows<{ id: string }>(sql`
    select asked.id from unnest(${ids}::text[]) as asked(id)
    join customers r on r.organization_id = ${organizationId} and r.id = billed_to(${organizationId}, asked.id)
    where r.address_state = 'unconfirmed'`);
  const rests = new Set(unconfirmed.map((row) => row.id));
  return letters.map((letter) => {
    const awaitsAddress = letter.customerId !== undefined && rests.has(letter.customerId);
    // Only what brings an invoice is worth sending when the address is confirmed one day.
    if (awaitsAddress && isChasing(letter.kind))
      return [letter.id, { route, suppressedBy: 'address_unconfirmed' }];
    const awaitsDocument = !letter.attachments?.length;
    const isDone = !awaitsAddress && !awaitsDocument && route === 'print';
    return [
      letter.id,
      { route, awaitsAddress, awaitsDocument, ...(awaitsAddress || isDone ? {} : { firstTryAt: now }) },
    ];
  });
}
