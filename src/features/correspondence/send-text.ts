import type { Actor, Database } from '#db/db.ts';
import type { CarrierOutcome } from '#features/correspondence/carrier.ts';
import type { Carriers } from '#features/correspondence/carriers.ts';
import { claimText } from '#features/correspondence/claim-text.ts';
import { holdUnsent, recordCarriage } from '#features/correspondence/record-carriage.ts';
import type { OneMessage } from '#features/correspondence/send-message.ts';
import { recordTextConsent } from '#features/text-consents/record-text-consent.ts';

/**
 * The journey of one text message to its carrier, with nothing open meanwhile. No carrier knows our id as a
 * key: when an answer was lost it is asked whether it has the message, and sent it again only if not.
 */
export async function sendText(
  deps: { db: Database; carriers: Carriers; outbox: { baseUrl: string } },
  one: OneMessage,
  realNow: Date,
): Promise<void> {
  const actor: Actor = { kind: 'job', organizationId: one.organizationId, name: 'send-text' };
  const claimed = await deps.db.transaction(actor, (tx) => claimText(tx, actor, one, realNow));
  if (!claimed) return;
  const texter = deps.carriers.texter(claimed.account);
  const statusUrl = reachable(`${deps.outbox.baseUrl}/webhooks/texts/${claimed.account.id}/${one.messageId}`);
  const text = {
    messageId: one.messageId,
    to: claimed.toPhone,
    text: claimed.text,
    validFor_s: claimed.validFor_s,
    at: claimed.createdAt,
    ...(statusUrl ? { statusUrl } : {}),
  };
  const known = claimed.outcomeUnknown ? await texter.lookup(text) : { outcome: 'absent' as const };
  const { heldBy } = claimed;
  if (known.outcome === 'absent' && heldBy) {
    await deps.db.transaction(actor, (tx) => holdUnsent(tx, actor, { ...one, heldBy }, realNow));
    return;
  }
  const outcome: CarrierOutcome = known.outcome === 'absent' ? await texter.send(text) : known;
  await deps.db.transaction(actor, async (tx) => {
    await recordCarriage(tx, actor, { ...one, outcome }, realNow);
    // The carrier keeps a list of its own: what it refuses for that is a STOP that we had not heard of.
    if (outcome.outcome === 'refused' && outcome.optedOut)
      await recordTextConsent(
        tx,
        actor,
        {
          organizationId: one.organizationId,
          phone: claimed.toPhone,
          kind: 'stop',
          words: outcome.reason,
          source: 'carrier',
          saidBy: claimed.account.vendor,
        },
        realNow,
      );
  });
}

/** A carrier refuses to call an address that the world does not know. */
function reachable(url: string): string | undefined {
  return new URL(url).hostname.includes('.') ? url : undefined;
}
