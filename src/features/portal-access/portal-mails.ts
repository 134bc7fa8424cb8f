import type { Tx } from '#db/db.ts';

/** One of the three mails that open the portal: a few sentences and one link. */
export type PortalMail = {
  kind: 'portal_welcome' | 'portal_confirmation' | 'portal_password_reset';
  organizationId: string;
  customerId?: string;
  to: string;
  subject: string;
  before: string[];
  button: { label: string; url: string };
  after: string[];
};

/** Puts a mail in the outbox, in the transaction that made its link: both exist or neither. */
export type QueuePortalMail = (tx: Tx, mail: PortalMail, now: Date) => Promise<void>;

/** What a command needs to write mail: where links lead, and where mails go. */
export type MailRoom = { baseUrl: string; queue: QueuePortalMail };

type Sender = { organizationId: string; organizationName: string; customerId?: string };

const about = (sender: Sender): Pick<PortalMail, 'organizationId' | 'customerId'> =>
  ({ organizationId: sender.organizationId, ...(sender.customerId ? { customerId: sender.customerId } : {}) });

export const welcomeMail = (sender: Sender, to: string, url: string): PortalMail => ({
  ...about(sender), kind: 'portal_welcome', to,
  subject: 'Welcome to the Customer Portal',
  before: [
    `${sender.organizationName} invites you to its customer portal. There you see your invoices and past payments, pay, and keep a payment method for next time.`,
    'Choose a password and you are nearly there. Please use the address that this mail was sent to.',
  ],
  button: { label: 'Create your login', url },
  after: ['The link works for 30 days. You have a login already? Open the link and sign in: the new profile is added to it.'],
});

export const confirmationMail = (sender: Sender, to: string, url: string): PortalMail => ({
  ...about(sender), kind: 'portal_confirmation', to,
  subject: 'Confirm your email address',
  before: [`Please confirm that ${to} is your address. After that only the user agreement is left to accept.`],
  button: { label: 'Confirm email address', url },
  after: ['The link works for 3 days. You did not sign up for the customer portal? Then do nothing: without this step nobody gets in.'],
});

export const resetMail = (sender: Sender, to: string, url: string): PortalMail => ({
  ...about(sender), kind: 'portal_password_reset', to,
  subject: 'Choose a new password',
  before: [`Someone, most likely you, asked for a new password for the customer portal of ${sender.organizationName}.`],
  button: { label: 'Choose a new password', url },
  after: ['The link works for one hour, once. You did not ask for it? Then do nothing: your password stays as it is.'],
});
