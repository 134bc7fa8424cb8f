import type { Realm } from '#features/portal-access/queries.ts';

/** A mail about a login: a few sentences, and one link where it opens something. */
export type PortalMail = {
  kind: 'portal_invitation' | 'email_confirmation' | 'password_reset' | 'login_notice';
  realm: Realm;
  organizationId: string;
  customerId: string;
  to: string;
  subject: string;
  before: string[];
  button?: { words: string; url: string };
  after: string;
  /** A second mail with this key is not made. */
  dedupeKey?: string;
};

export type Sender = { organizationId: string; organizationName: string; customerId: string; realm: Realm };

type Letter = { to: string; url: string };

const about = ({
  realm,
  organizationId,
  customerId,
}: Sender): Pick<PortalMail, 'realm' | 'organizationId' | 'customerId'> => ({
  realm,
  organizationId,
  customerId,
});

export const welcomeMail = (sender: Sender, { to, url }: Letter): PortalMail => ({
  ...about(sender),
  kind: 'portal_invitation',
  to,
  subject: `Welcome to the customer portal of ${sender.organizationName}`,
  before: [
    `${sender.organizationName} invites you to its customer portal. ` +
      'There you see your invoices and past payments, pay, ' +
      'and keep a payment method for next time.',
    'Choose a password and you are nearly there. Please use the address that this mail was sent to.',
  ],
  button: { words: 'Create your login', url },
  after:
    'The link works for 30 days. You have a login already? Open the link and sign in: the new profile is added to it.',
});

export const confirmationMail = (sender: Sender, { to, url }: Letter): PortalMail => ({
  ...about(sender),
  kind: 'email_confirmation',
  to,
  subject: 'Confirm your email address',
  before: [
    `Please confirm that ${to} is your address. After that only the user agreement is left to accept.`,
  ],
  button: { words: 'Confirm email address', url },
  after:
    'The link works for 3 days. You did not sign up for the customer portal? Then do nothing: nobody gets in without it.',
});

export const resetMail = (sender: Sender, { to, url }: Letter): PortalMail => ({
  ...about(sender),
  kind: 'password_reset',
  to,
  subject: 'Choose a new password',
  before: [
    `Someone, most likely you, asked for a new password for the customer portal of ${sender.organizationName}.`,
  ],
  button: { words: 'Choose a new password', url },
  after:
    'The link works for one hour, once. You did not ask for it? Then do nothing: your password stays as it is.',
});

export const newAddressMail = (sender: Sender, { to, url, from }: Letter & { from: string }): PortalMail => ({
  ...about(sender),
  kind: 'email_confirmation',
  to,
  subject: 'Confirm your new email address',
  before: [
    `The login ${from} of the customer portal of ${sender.organizationName} is to have this address instead: ${to}.`,
    'Open the link in the browser in which you are signed in. Until then everything stays as it is.',
  ],
  button: { words: 'Use this address', url },
  after:
    'The link works for 3 days. You did not ask for it? Then do nothing: it opens nothing for anybody else.',
});

/** To an address that has a login of its own: whoever asked is told nothing of it. */
export const addressTakenMail = (sender: Sender, { to }: Pick<Letter, 'to'>): PortalMail => ({
  ...about(sender),
  kind: 'login_notice',
  to,
  subject: 'This address has a login already',
  before: [
    'Someone, perhaps you, asked to move another login of the customer portal to this address. ' +
      'It has a login of its own, so nothing was changed.',
  ],
  after:
    'If that was you, sign in with this address, or choose another one. If not, you need not do anything.',
});

export const addressChangedMail = (sender: Sender, { to, now }: { to: string; now: string }): PortalMail => ({
  ...about(sender),
  kind: 'login_notice',
  to,
  subject: 'Your login has a new email address',
  before: [
    `Your login of the customer portal of ${sender.organizationName} has moved from this address to ${now}. ` +
      'This address no longer signs in, and links that were sent to it no longer work.',
  ],
  after: `You did not do this? Then tell ${sender.organizationName} at once: reply to this mail.`,
});

/** Asked for help with signing in, and there is a login: what stands in the way, and the link that helps. */
export const signInHelpMail = (
  sender: Sender,
  { to, url, opens, lockedUntil }: Letter & { opens: string; lockedUntil: string | undefined },
): PortalMail => ({
  ...about(sender),
  kind: 'password_reset',
  to,
  subject: 'How to sign in',
  before: [
    `You sign in with this address: ${to}. It opens the portal of ${opens}.`,
    ...(lockedUntil
      ? [
          `Sign-in is paused until ${lockedUntil}, after too many wrong passwords. A new password lets you in at once.`,
        ]
      : []),
  ],
  button: { words: 'Choose a new password', url },
  after:
    'The link works for one hour, once. You did not ask for help? Then do nothing: your password stays as it is.',
});

/** There was a login, and what it opened has been withdrawn. */
export const accessEndedMail = (sender: Sender, { to }: Pick<Letter, 'to'>): PortalMail => ({
  ...about(sender),
  kind: 'login_notice',
  to,
  subject: 'Your access to the portal has ended',
  before: [
    `Your login opens nothing at ${sender.organizationName} any more: they have ended it, or your record with them is inactive.`,
    'Invoices can still be paid by the link in each invoice mail, without a login.',
  ],
  after: `Only ${sender.organizationName} can open it again: reply to this mail.`,
});

/** The address is on a customer's record, and nobody has made a login with it. */
export const noLoginMail = (sender: Sender, { to }: Pick<Letter, 'to'>): PortalMail => ({
  ...about(sender),
  kind: 'login_notice',
  to,
  subject: 'There is no login with this address yet',
  before: [
    `${sender.organizationName} knows this address, but no login was made with it.`,
    'You need none to pay: each invoice mail has a link that opens its invoice.',
  ],
  after: `To have a login, ask ${sender.organizationName} to invite you: reply to this mail.`,
});
