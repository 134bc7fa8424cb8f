import type { Actor, Database } from '#db/db.ts';
import type { CarrierOutcome } from '#features/correspondence/carrier.ts';
import type { Carriers } from '#features/correspondence/carriers.ts';
import { type ClaimedLetter, claimLetter } from '#features/correspondence/claim-letter.ts';
import { recordCarriage } from '#features/correspondence/record-carriage.ts';
import type { OneMessage } from '#features/correspondence/send-message.ts';

/**
 * The journey of one letter to its printer, with nothing open meanwhile. Our id is the printer's key against
 * a second copy; it forgets keys after a day, so a lost answer is asked about first.
 */
export async function sendLetter(
  deps: { db: Database; carriers: Carriers },
  one: OneMessage,
  realNow: Date,
): Promise<void> {
  const actor: Actor = { kind: 'job', organizationId: one.organizationId, name: 'send-letter' };
  const claimed = await deps.db.transaction(actor, (tx) => claimLetter(tx, actor, one, realNow));
  if (!claimed) return;
  const outcome = await hand(deps.carriers, one.messageId, claimed);
  await deps.db.transaction(actor, (tx) => recordCarriage(tx, actor, { ...one, outcome }, realNow));
}

async function hand(carriers: Carriers, messageId: string, claimed: ClaimedLetter): Promise<CarrierOutcome> {
  const { line1, city, postal_code: postalCode } = claimed.from.address;
  if (!line1 || !city || !postalCode)
    return {
      outcome: 'refused',
      reason: 'A letter needs a return address. Give your own under Settings, General, and send it again.',
    };
  const printer = carriers.printer(claimed.account);
  const letter = { ...claimed, messageId, at: claimed.createdAt };
  const known = claimed.outcomeUnknown ? await printer.lookup(letter) : { outcome: 'absent' as const };
  return known.outcome === 'absent' ? printer.send(letter) : known;
}
