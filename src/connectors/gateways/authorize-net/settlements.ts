import { z } from 'zod';
import type {
  GatewayChargeback,
  GatewayChargebacks,
  GatewayPayout,
  GatewayPayouts,
  PayoutLine,
} from '#features/payments/payment-gateway.ts';
import { sum } from '#lib/money.ts';
import { NoAnswer, orUnavailable, told } from './api.ts';
import { detailsOf, type Reporting, settledBatches, transactionsOf } from './find-transactions.ts';
import { restoreId } from './references.ts';
import { type Batch, minorUnits, readAs, type Summary } from './words.ts';

/** Transactions name no currency: an account has one, and another currency needs another account. */
async function currencyOf({ api }: Reporting): Promise<string> {
  const body = await told(api.read('getMerchantDetails'));
  const { currencies } = readAs(z.object({ currencies: z.array(z.string()).min(1) }), body, 'an account');
  const [currency, ...others] = currencies;
  if (!currency || others.length > 0)
    throw new NoAnswer('The account takes several currencies, and its batches do not say which.');
  return currency;
}

const lineKinds: Record<string, { kind: PayoutLine['kind']; sign: 1n | -1n }> = {
  settledSuccessfully: { kind: 'charge', sign: 1n },
  refundSettledSuccessfully: { kind: 'refund', sign: -1n },
  returnedItem: { kind: 'return', sign: -1n },
  chargeback: { kind: 'chargeback', sign: -1n },
  chargebackReversal: { kind: 'chargeback_reversal', sign: 1n },
};

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

/** The charge that a return or chargeback is about: such a row is a transaction of its own. */
const aboutCharge = async (reporting: Reporting, row: Summary): Promise<string | undefined> =>
  (await detailsOf(reporting, row.transId)).refTransId;

async function lineOf(
  reporting: Reporting,
  row: Summary,
  { currency, on }: { currency: string; on: string },
): Promise<PayoutLine | undefined> {
  const known = lineKinds[row.transactionStatus];
  // Declined, voided and failed ones stand in the batch of their day without moving money.
  if (!known) return undefined;
  const { kind, sign } = known;
  const gross = sign * minorUnits(row.settleAmount, currency);
  const number = row.invoiceNumber;
  const ours =
    kind === 'refund'
      ? { refundId: restoreId('refund', number, row.submitTimeUTC) }
      : { paymentId: restoreId('payment', number, row.submitTimeUTC) };
  const charge = kind === 'charge' ? row.transId : await aboutCharge(reporting, row);
  return {
    reference: row.transId,
    kind,
    ...ours,
    paymentReference: charge,
    gross,
    // What the processor keeps is on its own statement: Authorize.Net passes money on and never sees a fee.
    fee: 0n,
    net: gross,
    description: number ? `${row.accountType} ${number}` : row.accountType,
    on,
  };
}

const states: Record<string, GatewayPayout['state']> = {
  settledSuccessfully: 'paid',
  pendingSettlement: 'in_transit',
  settlementError: 'failed',
};

/**
 * Charges and refunds by the batch's own statistics, not by adding up what was listed: a row that is missing
 * then shows as a difference. Returns and chargebacks have no figure that is documented well enough.
 */
function batchAmount(batch: Batch, lines: readonly PayoutLine[], currency: string): bigint {
  const counted = batch.statistics.map(
    (each) => minorUnits(each.chargeAmount, currency) - minorUnits(each.refundAmount, currency),
  );
  const others = lines.filter((line) => line.kind !== 'charge' && line.kind !== 'refund');
  return sum(counted) + sum(others.map((line) => line.net));
}

export function payoutPort(reporting: Reporting): GatewayPayouts {
  return {
    /**
     * A settled batch is one deposit of the processor; cards and eChecks never share one. When it reaches
     * the bank Authorize.Net does not know: usually within two banking days of the date given here.
     */
    list: ({ since, at }) =>
      orUnavailable(async () => {
        const span = { since: new Date(`${since}T00:00:00Z`), until: at };
        const payouts: GatewayPayout[] = [];
        const batches = await settledBatches(reporting, span, true);
        const currency = batches.length > 0 ? await currencyOf(reporting) : '';
        for (const batch of batches) {
          const on = dayOf(batch.settlementTimeUTC);
          const lines: PayoutLine[] = [];
          for (const row of await transactionsOf(reporting, batch.batchId)) {
            const line = await lineOf(reporting, row, { currency, on });
            if (line) lines.push(line);
          }
          if (lines.length === 0) continue;
          payouts.push({
            reference: batch.batchId,
            state: states[batch.settlementState] ?? 'in_transit',
            amount: batchAmount(batch, lines, currency),
            currency,
            initiatedOn: on,
            arrivesOn: on,
            lines,
          });
        }
        return payouts;
      }),
  };
}

/**
 * Chargebacks come as rows of settled batches, on accounts whose processor reports them. There is neither a
 * reason code nor a due date, nor a word when one is lost: those come by letter from the processor.
 */
export function chargebackPort(reporting: Reporting): GatewayChargebacks {
  const chargebackOf = async (row: Summary, currency: string): Promise<GatewayChargeback> => {
    const charge = await aboutCharge(reporting, row);
    return {
      // One dispute for each charge: the reversal has no other tie to it.
      reference: charge ?? row.transId,
      paymentId: restoreId('payment', row.invoiceNumber, row.submitTimeUTC),
      paymentReference: charge,
      amount: minorUnits(row.settleAmount, currency),
      currency,
      code: row.transactionStatus,
      reason: 'Authorize.Net does not say why; the processor does.',
      state: row.transactionStatus === 'chargeback' ? 'opened' : 'won',
      openedAt: row.submitTimeUTC,
    };
  };
  return {
    list: ({ since, at }) =>
      orUnavailable(async () => {
        const found: GatewayChargeback[] = [];
        let currency: string | undefined;
        for (const batch of await settledBatches(reporting, { since, until: at })) {
          for (const row of await transactionsOf(reporting, batch.batchId)) {
            if (row.transactionStatus !== 'chargeback' && row.transactionStatus !== 'chargebackReversal')
              continue;
            currency ??= await currencyOf(reporting);
            found.push(await chargebackOf(row, currency));
          }
        }
        return found;
      }),
  };
}
