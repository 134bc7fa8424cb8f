import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { keepRaw } from '#features/channel-accounts/carrier-news.ts';
import type { IncomingText } from '#features/correspondence/texter.ts';
import { answerTo, keywordOf } from '#features/text-consents/consent-rules.ts';
import { recordTextConsent } from '#features/text-consents/record-text-consent.ts';
import { must } from '#lib/errors.ts';
import { readPhone } from '#lib/phone.ts';
import { showPhone } from '#lib/show-phone.ts';

type Organization = {
  name: string;
  phone: string | null;
  email: string | null;
  country: string | null;
  now: Date;
};

/** Heed a text that came in: STOP and START change who may be written to, at once. Answers what to reply. */
export async function answerIncoming(
  tx: Tx,
  input: {
    account: { id: string; organizationId: string; vendor: string };
    raw: string;
    incoming: IncomingText;
  },
  realNow: Date,
): Promise<string | undefined> {
  const { account, incoming } = input;
  const { organizationId } = account;
  const actor: Actor = { kind: 'job', organizationId, name: 'text' };
  const isNew = await keepRaw(tx, { ...input, hint: incoming }, realNow);
  const keyword = keywordOf(incoming.text);
  const from = readPhone(incoming.from)?.e164;
  if (!isNew || !keyword || !from) return undefined;
  const organization = must(
    await tx.row<Organization>(sql`
    select name, phone, coalesce(reply_to, email) as email, address->>'country' as country,
      ${realNow}::timestamptz + clock_offset_ms * interval '1 millisecond' as now
    from organizations where id = ${organizationId}`),
    'the organization',
  );
  if (keyword !== 'help') {
    const words = incoming.text.trim() || keyword;
    const said = { organizationId, phone: from, kind: keyword, words, source: 'text', saidBy: from } as const;
    await recordTextConsent(tx, actor, said, organization.now);
  }
  if (incoming.answered) return undefined;
  const phone =
    organization.phone && (readPhone(organization.phone, organization.country ?? 'US')?.e164 ?? null);
  const contact = phone ? showPhone(phone, organization.country ?? 'US') : organization.email;
  return answerTo(keyword, { name: organization.name, contact: contact ?? undefined });
}
