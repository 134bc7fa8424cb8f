import { type Data, fixed, join, text, type Words } from '#features/audit-log/event-phrase-rules.ts';

const named = (words: string, key: string): Words => ({
  say: (data) => join(words, text(data[key]) && `· ${text(data[key])}`),
});
const versioned = ({ version }: Data, what: string): string =>
  version === undefined
    ? `Terms and conditions ${what}`
    : `Terms and conditions ${what}, version ${String(version)}`;
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
  'billing.plan_edited': named('Plan on offer changed', 'name'),
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
    kind: 'Terms and conditions published',
    say: (data) =>
      join(versioned(data, 'published'), text(data.effective_on) && `· from ${text(data.effective_on)}`),
  },
  'organization.terms_withdrawn': {
    kind: 'Terms and conditions taken back',
    say: (data) => versioned(data, 'taken back'),
  },
};
