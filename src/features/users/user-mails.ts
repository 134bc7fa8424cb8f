import type { UserMail } from '#features/users/queue-user-mail.ts';

type Letter = { to: string; url: string };

export const invitationMail = (
  by: { organization: string; inviter: string | null },
  { to, url }: Letter,
): UserMail => ({
  kind: 'staff_invitation',
  to,
  subject: `Work with ${by.organization} in Owed`,
  before: [
    `${by.inviter ?? by.organization} invites you to work for ${by.organization} in Owed: its invoices, its customers and what they pay.`,
    'Open the link to confirm your address and choose a password.',
  ],
  button: { words: 'Accept the invitation', url },
  after: 'The link works for 7 days, once. You do not know what this is about? Then do nothing.',
});

export const staffResetMail = ({ to, url }: Letter): UserMail => ({
  kind: 'password_reset',
  to,
  subject: 'Choose a new password',
  before: ['Someone, most likely you, asked for a new password for your work in Owed.'],
  button: { words: 'Choose a new password', url },
  after:
    'The link works for one hour, once. You did not ask for it? Then do nothing: your password stays as it is.',
});
