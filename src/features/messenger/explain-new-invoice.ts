import type { Tx } from '#db/db.ts';
import { readCandidate, readMessengerSettings } from '#features/messenger/read-candidates.ts';
import { newInvoiceDay, whyNotNewInvoice } from '#features/messenger/rules.ts';
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
  const why = whyNotNewInvoice({ rule, invoice, today, now });
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
