import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { readFeeAgreement } from '#features/card-fees/read-fee-agreement.ts';
import { writeConsents } from '#features/payments/portal-write-consents.ts';
import { methodWords } from '#features/payments/receipt-rules.ts';
import {
  type Agreed,
  agreementTerms,
  agreementText,
  agreementVersion,
} from '#features/schedules/agreement-rules.ts';
import type { LockedMethod } from '#features/schedules/lock-for-schedules.ts';
import { dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import type { Origin } from '#lib/origin.ts';

/** Who agreed: the payer, here and now, or staff says that it holds the payer's agreement. */
export type Agreement = { by: 'held' | 'payer'; name?: string | undefined; origin: Origin };

/** Keep what a payer agreed to for a schedule, as words and as figures. Answers the agreement's id. */
export async function writeAgreement(
  tx: Tx,
  actor: Actor,
  about: {
    organizationId: string;
    customerId: string;
    seller: { name: string; locale: string; timeZone: string };
    method: LockedMethod;
    agreed: Agreed;
    agreement: Agreement;
  },
  now: Date,
): Promise<string> {
  const { organizationId, customerId, method, agreed, agreement } = about;
  const staff =
    actor.kind === 'user'
      ? await tx.row<{ name: string | null }>(sql`select staff_name(${actor.userId}) as name`)
      : undefined;
  const methodName = methodWords({
    ...method,
    methodBrand: method.brand,
    methodLast4: method.last4,
    reference: null,
  });
  const today = dateIn(about.seller.timeZone, now);
  const cardFee = await readFeeAgreement(tx, organizationId, today, {
    customerId: method.customerId,
    methodId: method.id,
  });
  const [id] = await writeConsents(
    tx,
    actor,
    {
      organizationId,
      customerId,
      paymentMethodId: method.id,
      consents: [
        {
          kind: 'schedule',
          version: agreementVersion,
          text: agreementText(about.seller, { ...agreed, methodName, cardFee: cardFee.words }),
          name: agreement.name ?? staff?.name ?? undefined,
          signature: { kind: agreement.by === 'held' ? 'held' : 'typed' },
          terms: { ...agreementTerms(agreed), ...cardFee.terms },
          ...agreement.origin,
        },
      ],
    },
    now,
  );
  return must(id, 'the agreement');
}
