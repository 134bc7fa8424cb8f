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
  before: ['Someone, most likely you, asked for a new password for your sign-in to Owed.'],
  button: { words: 'Choose a new password', url },
  after:
    'The link works for one hour, once. You did not ask for it? Then do nothing: your password stays as it is.',
});

const changes = {
  password: {
    subject: 'Your password was changed',
    says: 'The password of your sign-in to Owed was changed, and every other device was signed out.',
  },
  authenticator_on: {
    subject: 'Your sign-in asks for a code now',
    says: 'An authenticator app was set up for your sign-in to Owed. Keep the recovery codes where the phone is not.',
  },
  authenticator_off: {
    subject: 'Your sign-in no longer asks for a code',
    says: 'The authenticator app of your sign-in to Owed was turned off. Its recovery codes open nothing any more.',
  },
  second_factor_reset: {
    subject: 'Your second factor was reset',
    says: 'An owner of your organization has reset your authenticator app, recovery codes and passkeys, and signed you out.',
  },
  passkey_added: {
    subject: 'A passkey was added',
    says: 'A passkey was added to your sign-in to Owed. It signs you in without a password.',
  },
  passkey_removed: {
    subject: 'A passkey was removed',
    says: 'A passkey of your sign-in to Owed was removed. It opens nothing any more.',
  },
  provider_connected: {
    subject: 'A sign-in provider was connected',
    says: 'An account of a sign-in provider was connected with your sign-in to Owed. It signs you in without a password.',
  },
  provider_disconnected: {
    subject: 'A sign-in provider was disconnected',
    says: 'An account of a sign-in provider no longer signs you in to Owed.',
  },
} as const;

/** How somebody signs in has changed: told whoever did it, for it may have been somebody else. */
export const changedMail = (to: string, what: keyof typeof changes): UserMail => ({
  kind: 'login_notice',
  to,
  subject: changes[what].subject,
  before: [changes[what].says],
  after:
    'It was not you? Choose a new password by “Forgotten your password?” on the sign-in page, and tell an owner of your organization.',
});

export const recoveryCodeUsedMail = ({ to, left }: { to: string; left: number }): UserMail => ({
  kind: 'login_notice',
  to,
  subject: 'A recovery code was used',
  before: [
    'Somebody, most likely you, signed in to Owed with a recovery code.',
    `${left} of 10 are left. Your profile makes ten new ones.`,
  ],
  after: 'It was not you? Choose a new password at once, and make new recovery codes.',
});

export const newAddressMail = ({ to, from, url }: Letter & { from: string }): UserMail => ({
  kind: 'email_confirmation',
  to,
  subject: 'Sign in with this address?',
  before: [
    `Somebody, most likely you, wants to sign in to Owed with ${to} instead of ${from}.`,
    'Open the link where you are signed in.',
  ],
  button: { words: 'Use this address', url },
  after: 'The link works for one day, once. You do not know what this is about? Then do nothing.',
});

export const addressTakenMail = ({ to }: { to: string }): UserMail => ({
  kind: 'login_notice',
  to,
  subject: 'This address has a sign-in already',
  before: [
    `Somebody, most likely you, wants to use ${to} for another sign-in to Owed. It has one already, so nothing was changed.`,
  ],
  after: 'Use the sign-in of this address, or another address for the other one.',
});

export const emailChangedMail = ({ to, now, url }: Letter & { now: string }): UserMail => ({
  kind: 'login_notice',
  to,
  subject: 'You sign in with another address now',
  before: [`The sign-in to Owed that was ${to} is ${now} from now on.`],
  button: { words: 'It was not me: take it back', url },
  after:
    'The link works for 7 days. It signs every device out and lets you choose a new password. It was you? Then do nothing.',
});
