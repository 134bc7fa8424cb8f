import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { channelsOf } from '#features/correspondence/channel-rules.ts';
import { type Candidate, readCandidate, readMessengerSettings } from '#features/messenger/read-candidates.ts';
import { readEmailProblems } from '#features/messenger/read-told.ts';
import { newInvoiceDay, whyNotNewInvoice } from '#features/messenger/rules.ts';
import { placeOf } from '#features/messenger/tell-rules.ts';
import { dateIn } from '#lib/dates.ts';

/** A rule by its name in `whyNotNewInvoice`: what it says to staff who ask why an invoice did not go out. */
const words: Record<string, string> = {
  import_is_quiet:
    'It came in a file whose invoices were not to be sent. Send it by hand if its customer should have it.',
  rule_is_never: 'New invoices are set never to go out by themselves.',
  issued_before_live: 'It was issued before new invoices began to go out by themselves.',
  not_its_day_yet: 'Its day has not come.',
  autopay_pays_it: 'Autopay charges it by then: its customer gets the receipt instead.',
  held_until_live: 'Messages that go out by themselves are held: the organization is not live.',
  not_open: 'It is not open.',
  customer_inactive: 'Its customer is not active.',
  customer_may_be_contacted: 'Its customer, or who reads for it, is not to be contacted.',
  no_address: 'There is no address for any channel that New Invoice is on for. Give one at the customer.',
  email_problem: 'Mail to its customer came back. Repair the address under Reports, Bounced e-mails.',
  no_consent: 'Its customer has not agreed to text messages.',
  stopped: 'Its customer’s phone has texted STOP.',
  no_sms_sender: 'Nobody is connected who carries text messages.',
  bad_phone: 'Its customer’s telephone number is none. Correct it.',
  no_hours: 'There are no hours at which a text may arrive there.',
  no_channel: 'New Invoice is off in every channel for its customer.',
};

/** Whether an invoice goes out by itself as a New Invoice, when, and if not, the rule that keeps it. */
export async function explainNewInvoice(
  tx: Tx,
  { organizationId, invoiceId }: { organizationId: string; invoiceId: string },
  now: Date,
) {
  const rule = await readMessengerSettings(tx, organizationId);
  const today = dateIn(rule.timeZone, now);
  const invoice = await readCandidate(tx, organizationId, { invoiceId, today });
  const why =
    whyNotNewInvoice({ rule, invoice, today, now }) ?? (await whyOutOfReach(tx, organizationId, invoice));
  const { firstSentAt } = invoice;
  if (firstSentAt) return { standing: 'sent' as const, firstSentAt, goesOn: null, held: null };
  if (why === undefined) return { standing: 'goes' as const, firstSentAt, goesOn: today, held: null };
  const goesOn = newInvoiceDay(rule, invoice) ?? null;
  if (why === 'not_its_day_yet' && goesOn)
    return { standing: 'waits' as const, firstSentAt, goesOn, held: null };
  return {
    standing: 'held' as const,
    firstSentAt,
    goesOn: null,
    held: { rule: why, words: words[why] ?? why },
  };
}

/**
 * What keeps it though every rule lets it go: nowhere to send it, mail that comes back, or that the one that
 * was made is held back. Undefined where a channel reaches its reader.
 */
async function whyOutOfReach(
  tx: Tx,
  organizationId: string,
  { id, reader }: Candidate,
): Promise<string | undefined> {
  const channels = channelsOf(reader.messageCells, 'new_invoice');
  const problems = await readEmailProblems(tx, organizationId, [reader]);
  const places = channels.flatMap((channel) => placeOf(channel, reader, problems) ?? []);
  if (places.length === 0) return 'no_address';
  const made = await tx.rows<{ suppressedBy: string | null }>(sql`
    select suppressed_by from messages where organization_id = ${organizationId}
      and dedupe_key = any(${channels.map((channel) => `new_invoice:${id}:${channel}`)}) order by id desc`);
  const [last] = made;
  if (last && made.every(({ suppressedBy }) => suppressedBy !== null)) return last.suppressedBy ?? undefined;
  return places.every((place) => 'suppressedBy' in place) ? 'email_problem' : undefined;
}
