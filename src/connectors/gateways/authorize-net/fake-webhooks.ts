import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemNow } from '#lib/dates.ts';
import { toDecimal } from '#lib/money.ts';
import { type FakeAccount, type Row, takeFault } from './fake-books.ts';

/** Upper-case hex, keyed by the text of the signature key. */
export const signatureOf = (signatureKey: string, raw: string | Buffer): string =>
  `sha512=${createHmac('sha512', signatureKey).update(raw).digest('hex').toUpperCase()}`;

type Notice = {
  eventType: string;
  sentAt: Date;
  id: string;
  merchantReferenceId: string;
  authAmount: string;
};

/** The body as it is sent: an amount keeps its zeros (`1.10`), which no JSON writer would. */
export function notification({ eventType, sentAt, id, merchantReferenceId, authAmount }: Notice): string {
  const text = JSON.stringify({
    notificationId: randomUUID(),
    eventType,
    // Ten millionths of a second, as the vendor's own clock counts.
    eventDate: sentAt.toISOString().replace('Z', '4920Z'),
    webhookId: 'a585ea29-a370-495a-bd83-f9be7160f260',
    payload: {
      responseCode: 1,
      avsResponse: 'P',
      authAmount: 'AMOUNT',
      ...(merchantReferenceId && { merchantReferenceId }),
      entityName: 'transaction',
      id,
    },
  });
  return text.replace('"AMOUNT"', authAmount);
}

/** Ten attempts in a week at the vendor; here the wait is short. */
const attempts_max = 5;
const wait_ms = 20;

/** Tells the account's endpoint of a transaction, until it answers 2xx or the attempts are used up. */
export async function announce(
  account: FakeAccount,
  row: Row,
  { eventType, stopping }: { eventType: string; stopping: AbortSignal },
): Promise<void> {
  const { webhookUrl, signatureKey } = account;
  if (webhookUrl === undefined) return;
  const authAmount = toDecimal(row.amount, account.currencies[0] ?? 'USD');
  const about = { id: row.transId, merchantReferenceId: row.refId, authAmount };
  const body = notification({ eventType, sentAt: systemNow(), ...about });
  const times = takeFault(account, ['duplicateWebhook']) ? 2 : 1;
  for (let copy = 0; copy < times; copy += 1) {
    for (let attempt = 0; attempt < attempts_max && !stopping.aborted; attempt += 1) {
      try {
        const headers = {
          'content-type': 'application/json',
          'X-ANET-Signature': signatureOf(signatureKey, body),
        };
        const response = await fetch(webhookUrl, { method: 'POST', headers, body, signal: stopping });
        await response.body?.cancel();
        if (response.ok) break;
      } catch {
        // The receiver is away: the next attempt is the remedy.
      }
      await sleep(wait_ms, undefined, { ref: false });
    }
  }
}
