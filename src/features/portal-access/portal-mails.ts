import type { Realm } from '#features/portal-access/queries.ts';

/** One of the three mails that open the portal: a few sentences and one link. */
export type PortalMail = {
  kind: 'portal_invitation' | 'email_confirmation' | 'password_reset';
  realm: Realm;
  organizationId: string;
  customerId: string;
  to: string;
  subject: string;
  before: string[];
  button: { words: string; url: string };
  after: string;
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
  subject: 'Welcome to the Customer Portal',
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
