import type { portalStates } from '#features/customers/api.ts';
import type { Tone } from '#ui/state.tsx';

/** Where a customer stands on the way into the portal, and what that means for whoever looks after them. */
export const portalWords: Record<
  (typeof portalStates)[number],
  { label: string; tone: Tone; means: string }
> = {
  never_invited: {
    label: 'Not invited',
    tone: 'faint',
    means: 'No invitation has gone out. The customer can still pay from each invoice’s mail.',
  },
  invited: {
    label: 'Invited',
    tone: 'neutral',
    means: 'The invitation is out; the login has not been made yet.',
  },
  account_created: {
    label: 'Login made',
    tone: 'neutral',
    means: 'A login exists; the customer still has to choose the profile it belongs to.',
  },
  email_unconfirmed: {
    label: 'Unconfirmed',
    tone: 'warn',
    means: 'The login waits for the link in the confirmation mail.',
  },
  agreement_pending: {
    label: 'Agreement open',
    tone: 'warn',
    means: 'The user agreement has not been accepted yet.',
  },
  active: {
    label: 'Active',
    tone: 'good',
    means: 'The customer can sign in, see invoices and keep payment methods.',
  },
  locked: {
    label: 'Locked',
    tone: 'bad',
    means: 'Too many wrong passwords. The lock opens by itself, or with a new password.',
  },
};
