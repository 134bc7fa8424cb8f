import { toDecimal } from '#lib/money.ts';
import {
  type Call,
  type Fields,
  local,
  masked,
  noRecords,
  ok,
  part,
  type Reply,
  refused,
  textOf,
  utc,
} from './fake-answers.ts';
import {
  type FakeAccount,
  findRow,
  isBank,
  isReturned,
  isSettled,
  type Row,
  settlesAt,
  statusOf,
  visible,
} from './fake-books.ts';
import { maskedPayment } from './fake-vault.ts';

const hour_ms = 3_600_000;
const window_ms = 31 * 24 * hour_ms;

/** Amounts are JSON numbers; their digits are those of the account's currency. */
const decimal = (account: FakeAccount, amount: bigint): number =>
  Number(toDecimal(amount, account.currencies[0] ?? 'USD'));

function summary(account: FakeAccount, row: Row): Fields {
  const status = statusOf(row, account.now);
  const moves = status !== 'declined' && status !== 'voided';
  return {
    transId: row.transId,
    submitTimeUTC: utc(row.submittedAt),
    submitTimeLocal: local(row.submittedAt),
    transactionStatus: status,
    ...(row.invoiceNumber && { invoiceNumber: row.invoiceNumber }),
    accountType: row.instrument.accountType,
    accountNumber: masked(row.instrument.number),
    settleAmount: moves ? decimal(account, row.amount) : 0,
    marketType: 'eCommerce',
    product: 'Card Not Present',
    hasReturnedItemsSpecified: isReturned(row, account.now),
  };
}

/** One page of rows, sorted as asked; the offset counts pages. */
function page(account: FakeAccount, rows: Row[], fields: Fields): Reply {
  const { limit = 1000, offset = 1 } = part(fields, 'paging');
  const sign = String(part(fields, 'sorting').orderDescending ?? 'false') === 'true' ? -1 : 1;
  const sorted = [...rows].sort((a, b) => sign * (Number(a.transId) - Number(b.transId)));
  const size = Number(limit);
  if (size < 1 || size > 1000) return refused('E00013', 'Paging limit is invalid.');
  const start = (Number(offset) - 1) * size;
  const transactions = sorted.slice(start, start + size).map((row) => summary(account, row));
  const body = { transactions, totalNumInResultSet: transactions.length };
  return transactions.length > 0 ? ok(body) : noRecords({ totalNumInResultSet: 0 });
}

const denied = (): Reply =>
  refused('E00011', 'Access denied. You do not have permission to call the Transaction Details API.');

const reporting =
  (run: (call: Call) => Reply) =>
  (call: Call): Reply =>
    call.account.reportingEnabled ? run(call) : denied();

export const getUnsettledTransactionList = reporting(({ account, fields }) => {
  const isOne = (row: Row): boolean =>
    !isSettled(row, account.now) &&
    (fields.status !== 'pendingApproval' || statusOf(row, account.now) === 'FDSPendingReview');
  return page(account, visible(account).filter(isOne), fields);
});

type BatchOf = { id: string; at: Date; method: 'creditCard' | 'eCheck'; rows: Row[] };

/** Cards and eChecks settle apart; a batch's number says when and which. */
function batchesOf(account: FakeAccount): BatchOf[] {
  const batches = new Map<string, BatchOf>();
  for (const row of visible(account)) {
    const at = settlesAt(row);
    if (!at || !isSettled(row, account.now)) continue;
    const method = isBank(row) ? 'eCheck' : 'creditCard';
    const id = `${Math.floor(at.getTime() / hour_ms)}${method === 'eCheck' ? 2 : 1}`;
    const batch = batches.get(id) ?? { id, at, method, rows: [] };
    batch.rows.push(row);
    batches.set(id, batch);
  }
  return [...batches.values()].sort((a, b) => b.at.getTime() - a.at.getTime());
}

function statisticsOf(account: FakeAccount, rows: Row[]): Fields[] {
  return [...new Set(rows.map((row) => row.instrument.accountType))].map((accountType) => {
    const same = rows.filter((row) => row.instrument.accountType === accountType);
    const total = (status: string): { amount: number; count: number } => {
      const found = same.filter((row) => statusOf(row, account.now) === status);
      return {
        amount: decimal(
          account,
          found.reduce((sum, row) => sum + row.amount, 0n),
        ),
        count: found.length,
      };
    };
    const [charge, refund] = [total('settledSuccessfully'), total('refundSettledSuccessfully')];
    const [returned, chargeback] = [total('returnedItem'), total('chargeback')];
    return {
      accountType,
      chargeAmount: charge.amount,
      chargeCount: charge.count,
      refundAmount: refund.amount,
      refundCount: refund.count,
      voidCount: total('voided').count,
      declineCount: total('declined').count,
      errorCount: 0,
      returnedItemAmount: returned.amount,
      returnedItemCount: returned.count,
      chargebackAmount: chargeback.amount,
      chargebackCount: chargeback.count,
      correctionNoticeCount: 0,
    };
  });
}

const batchOnWire = (account: FakeAccount, batch: BatchOf, statistics: boolean): Fields => ({
  batchId: batch.id,
  settlementTimeUTC: utc(batch.at),
  settlementTimeUTCSpecified: true,
  settlementTimeLocal: local(batch.at),
  settlementTimeLocalSpecified: true,
  settlementState: 'settledSuccessfully',
  paymentMethod: batch.method,
  marketType: 'eCommerce',
  product: 'Card Not Present',
  ...(statistics && { statistics: statisticsOf(account, batch.rows) }),
});

export const getSettledBatchList = reporting(({ account, fields }) => {
  const first_ms = fields.firstSettlementDate
    ? Date.parse(textOf(fields, 'firstSettlementDate'))
    : account.now.getTime() - 24 * hour_ms;
  const last_ms = fields.lastSettlementDate
    ? Date.parse(textOf(fields, 'lastSettlementDate'))
    : account.now.getTime();
  if (!(last_ms - first_ms <= window_ms)) return refused('E00013', 'The date range is longer than 31 days.');
  const found = batchesOf(account).filter(({ at }) => at.getTime() >= first_ms && at.getTime() <= last_ms);
  if (found.length === 0) return noRecords();
  const statistics = String(fields.includeStatistics ?? 'false') === 'true';
  return ok({ batchList: found.map((batch) => batchOnWire(account, batch, statistics)) });
});

export const getTransactionList = reporting(({ account, fields }) => {
  const batch = batchesOf(account).find(({ id }) => id === textOf(fields, 'batchId'));
  return page(account, batch?.rows ?? [], fields);
});

export const getTransactionDetails = reporting(({ account, fields }) => {
  const row = findRow(account, fields.transId);
  if (!row) return refused('E00040', 'The record cannot be found.');
  if (row.heldFor !== undefined) {
    // Somebody at the business releases what is held, some time after it was looked at.
    row.heldFor -= 1;
    if (row.heldFor === 0) delete row.heldFor;
  }
  const batch = batchesOf(account).find(({ rows }) => rows.includes(row));
  const { declined, returned } = row;
  const reason = declined ?? { code: '1', text: 'Approval' };
  const transaction = {
    transId: row.transId,
    ...(row.refTransId && { refTransId: row.refTransId }),
    submitTimeUTC: utc(row.submittedAt),
    submitTimeLocal: local(row.submittedAt),
    transactionType: row.type,
    transactionStatus: statusOf(row, account.now),
    responseCode: declined ? 2 : 1,
    responseReasonCode: Number(reason.code),
    responseReasonDescription: reason.text,
    AVSResponse: 'Y',
    ...(batch && { batch: batchOnWire(account, batch, false) }),
    order: { invoiceNumber: row.invoiceNumber, discountAmount: 0, shippingIsIncluded: false },
    requestedAmount: decimal(account, row.amount),
    authAmount: decimal(account, row.amount),
    settleAmount: row.voided || declined ? 0 : decimal(account, row.amount),
    taxExempt: false,
    payment: maskedPayment(row.instrument, false),
    ...(row.customerId && { customer: { id: row.customerId } }),
    recurringBilling: false,
    product: 'Card Not Present',
    marketType: 'eCommerce',
    ...(returned && isReturned(row, account.now) && { returnedItems: [returnedOnWire(row, returned)] }),
  };
  return ok({ transaction, clientId: 'owed', ...(row.refId && { transrefId: row.refId }) });
});

const returnedOnWire = (row: Row, { at, code, description }: NonNullable<Row['returned']>): Fields => ({
  id: String(Number(row.transId) + 1),
  dateUTC: utc(at),
  dateLocal: local(at),
  code,
  description,
});

export function getMerchantDetails({ account }: Call): Reply {
  return ok({
    isTestMode: account.testMode,
    processors: [{ name: 'Wells Fargo', id: 2, cardTypes: ['V', 'M', 'A', 'D'] }],
    merchantName: account.name,
    gatewayId: '565697',
    marketTypes: ['eCommerce'],
    productCodes: ['CNP'],
    paymentMethods: ['AmericanExpress', 'Discover', 'MasterCard', 'Visa', 'ECheck'],
    currencies: account.currencies,
    publicClientKey: account.clientKey,
  });
}
