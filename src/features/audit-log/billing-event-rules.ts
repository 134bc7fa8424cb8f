import { fixed, join, text, type Words } from '#features/audit-log/event-phrase-rules.ts';

const named = (words: string, key: string): Words => ({
  say: (data) => join(words, text(data[key]) && `· ${text(data[key])}`),
});
const changes: Record<string, string> = {
  subscribed: 'Took a plan of yours',
  changed: 'Changed its plan',
  cancelled: 'Cancelled its plan',
  resumed: 'Keeps its plan',
};

/** Billing between a host and those it bills, the address of the portal, and its terms. */
export const billingWords: Record<string, Words> = {
  'billing.host_declared': fixed('Bills the other organizations of this installation from now on'),
  'billing.host_ended': fixed('Bills no other organizations any more'),
  'billing.plan_made': named('Plan offered', 'name'),
  'billing.plan_edited': named('Plan changed', 'name'),
  'billing.plan_retired': named('Plan retired', 'name'),
  'billing.subscribed': named('Plan taken', 'plan'),
  'billing.plan_changed': named('Plan changed', 'plan'),
  'billing.plan_cancelled': named('Plan cancelled', 'plan'),
  'billing.plan_resumed': named('Plan kept', 'plan'),
  'billing.subscriber_chose': {
    say: (data) =>
      join(changes[text(data.change) ?? ''] ?? 'Chose a plan', text(data.plan) && `· ${text(data.plan)}`),
  },
  'billing.invoiced': named('Billed for its plan', 'plan'),
  'organization.portal_address_set': named('Portal address set', 'slug'),
  'organization.terms_published': {
    say: ({ version, effective_on }) => `Terms and conditions, version ${version}, from ${effective_on}`,
  },
  'organization.terms_withdrawn': {
    say: ({ version }) => `Terms and conditions, version ${version}, taken back`,
  },
};
