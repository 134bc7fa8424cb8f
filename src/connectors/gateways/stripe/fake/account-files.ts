import type Stripe from 'stripe';
import { type Account, keep, newStripeId, now_s } from './account.ts';
import { shown } from './expand.ts';
import type { FilePart } from './form.ts';
import { invalid } from './wire.ts';

const evidenceTypes: Record<string, string> = {
  'application/pdf': 'pdf',
  'image/jpeg': 'jpg',
  'image/png': 'png',
};

export function createFile(account: Account, file: FilePart | undefined): object {
  const type = evidenceTypes[file?.type ?? ''];
  if (!file) throw invalid('Missing required param: file.', { code: 'parameter_missing', param: 'file' });
  if (!type) throw invalid(`Unsupported file type: ${file.type}`, { param: 'file' });
  const id = newStripeId('file');
  const made: Stripe.File = {
    id,
    object: 'file',
    created: now_s(account),
    expires_at: null,
    filename: file.name,
    links: { object: 'list', data: [], has_more: false, url: `/v1/file_links?file=${id}` },
    purpose: 'dispute_evidence',
    size: file.bytes.length,
    title: null,
    type,
    url: `https://files.stripe.com/v1/files/${id}/contents`,
  };
  return shown(account, keep(account, made));
}

export const accountOnWire = (account: Account): object => ({
  id: account.id,
  object: 'account',
  business_profile: { mcc: null, name: account.name, url: null },
  business_type: 'company',
  capabilities: {
    card_payments: 'active',
    transfers: 'active',
    us_bank_account_ach_payments: 'active',
  },
  charges_enabled: true,
  controller: { type: 'account' },
  country: 'US',
  created: now_s(account),
  default_currency: 'usd',
  details_submitted: true,
  email: 'owner@example.com',
  external_accounts: { object: 'list', data: [], has_more: false, url: '/v1/accounts/x/external_accounts' },
  future_requirements: { currently_due: [] },
  metadata: {},
  payouts_enabled: true,
  requirements: { currently_due: [] },
  settings: { dashboard: { display_name: account.name, timezone: 'Etc/UTC' } },
  tos_acceptance: { date: null, ip: null, user_agent: null },
  type: 'standard',
});
