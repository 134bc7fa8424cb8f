import type { Actor, Database } from '#db/db.ts';
import { paymentDoors } from '#features/payments/post-batcher.ts';
import type { HandPayment } from '#features/payments/record-payments.ts';
import { systemNow } from '#lib/dates.ts';
import { newId } from '#lib/ids.ts';
import type { Row } from './post-payment-sql.ts';

/** Each caller asks for its next payment when the last is done. */
export async function byCommand(
  { db, organizationId }: { db: Database; organizationId: string },
  rows: Row[],
  callers: number,
): Promise<void> {
  const doors = paymentDoors(db);
  const actor: Actor & { organizationId: string } = {
    kind: 'api_key',
    organizationId,
    apiKeyId: newId('apiKey'),
    scopes: [],
  };
  let next = 0;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (let row = rows[next++]; row; row = rows[next++]) {
        const { invoiceId, customerId, amount } = row;
        const payment: HandPayment = {
          requestKey: newId('request'),
          customerId,
          kind: 'check',
          source: 'api',
          amount,
          currency: 'USD',
          receivedOn: '2026-11-20',
          reference: '1001',
          sendReceipt: true,
          applications: [{ invoiceId, amount }],
        };
        await doors.record(actor, payment, systemNow());
      }
    }),
  );
}
