import { type Account, allOf, find, type Thing } from './account.ts';
import { accountOnWire, createFile } from './account-files.ts';
import { hashOf, integerOf, textOf } from './check-params.ts';
import { listDisputes, readDispute, updateDispute } from './disputes.ts';
import { created, type EndpointAt, one, paging } from './endpoint.ts';
import { shown } from './expand.ts';
import { createRefund, listRefunds } from './refunds.ts';
import { invalid, missing } from './wire.ts';

export const refundEndpoints: EndpointAt[] = [
  {
    method: 'POST',
    path: /^\/v1\/refunds$/,
    permission: 'refund_write',
    required: ['payment_intent'],
    shapes: {
      ...one,
      amount: 'integer',
      metadata: 'hash',
      payment_intent: 'text',
      reason: ['duplicate', 'fraudulent', 'requested_by_customer'],
    },
    run: ({ account, params }) => createRefund(account, params),
  },
  {
    method: 'GET',
    path: /^\/v1\/refunds$/,
    permission: 'refund_read',
    shapes: { ...paging, created, charge: 'text', payment_intent: 'text' },
    run: ({ account, params }) => listRefunds(account, params),
  },
  {
    method: 'GET',
    path: /^\/v1\/charges\/(\w+)$/,
    permission: 'charge_read',
    shapes: one,
    run: ({ account, id }) => {
      const charge = find(account, 'charge', id);
      if (!charge) throw missing('charge', id);
      return shown(account, charge);
    },
  },
  {
    method: 'GET',
    path: /^\/v1\/disputes$/,
    permission: 'dispute_read',
    shapes: { ...paging, created, charge: 'text', payment_intent: 'text' },
    run: ({ account, params }) => listDisputes(account, params),
  },
  {
    method: 'GET',
    path: /^\/v1\/disputes\/(\w+)$/,
    permission: 'dispute_read',
    shapes: one,
    run: ({ account, id }) => shown(account, readDispute(account, id)),
  },
  {
    method: 'POST',
    path: /^\/v1\/disputes\/(\w+)$/,
    permission: 'dispute_write',
    shapes: {
      ...one,
      evidence: {
        customer_communication: 'text',
        receipt: 'text',
        service_documentation: 'text',
        uncategorized_file: 'text',
        uncategorized_text: 'text',
      },
      metadata: 'hash',
      submit: 'boolean',
    },
    run: ({ account, id, params }) => updateDispute(account, id, params),
  },
  {
    method: 'POST',
    path: /^\/v1\/files$/,
    permission: 'file_write',
    required: ['purpose'],
    shapes: { ...one, purpose: ['dispute_evidence', 'business_logo'] },
    run: ({ account, file }) => createFile(account, file),
  },
];

export const bankEndpoints: EndpointAt[] = [
  {
    method: 'GET',
    path: /^\/v1\/payouts$/,
    permission: 'payout_read',
    shapes: { ...paging, created, arrival_date: created, status: 'text' },
    run: ({ account, params }) => {
      const gte = integerOf(hashOf(params, 'arrival_date'), 'gte') ?? 0;
      return allOf(account, 'payout').filter((payout) => payout.arrival_date >= gte);
    },
  },
  {
    method: 'GET',
    path: /^\/v1\/balance_transactions$/,
    permission: 'balance_transaction_read',
    shapes: { ...paging, created, payout: 'text', type: 'text' },
    run: ({ account, params }) => listEntries(account, textOf(params, 'payout')),
  },
  {
    method: 'GET',
    path: /^\/v1\/account$/,
    permission: 'accounts_kyc_basic_read',
    shapes: one,
    run: ({ account }) => accountOnWire(account),
  },
];

function listEntries(account: Account, payoutId: string | undefined): Thing[] {
  const all = allOf(account, 'balance_transaction');
  if (payoutId === undefined) return all;
  const payout = find(account, 'payout', payoutId);
  if (!payout) throw missing('payout', payoutId, 'payout');
  if (!payout.automatic)
    throw invalid('Balance transaction history can only be filtered on automatic payouts, not manual.', {
      param: 'payout',
    });
  return all.filter((entry) => account.paidOutBy.get(entry.id) === payoutId);
}
