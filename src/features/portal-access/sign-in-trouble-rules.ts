export type Remedy = 'invite' | 'unlock' | 'send_reset' | 'send_confirmation' | 'change_address' | 'activate';

export type AccessFacts = {
  customerActive: boolean;
  customerEmail: string | null;
  /** The address has bounced, or its reader complained. */
  addressProblem: boolean;
  invitation: { email: string; lastSentAt: Date } | undefined;
  login:
    | {
        email: string;
        lockedUntil: Date | null;
        emailConfirmedAt: Date | null;
        agreementAccepted: boolean;
        /** Of this customer: chosen, and not withdrawn. */
        belongs: boolean;
        withdrawn: boolean;
      }
    | undefined;
};

export type Access =
  | 'inactive'
  | 'no_address'
  | 'bad_address'
  | 'never_invited'
  | 'invited'
  | 'invitation_expired'
  | 'other_address'
  | 'withdrawn'
  | 'not_chosen'
  | 'locked'
  | 'unconfirmed'
  | 'agreement'
  | 'active';

/** Links of invitations work for so long. */
const invitationLasts_ms = 30 * 86_400_000;

const same = (a: string | null, b: string): boolean => a?.toLowerCase() === b.toLowerCase();

/** What stands in the way first: the later ones do not matter before it is out of it. */
export function accessOf(facts: AccessFacts, now: Date): Access {
  const { login, invitation } = facts;
  if (!facts.customerActive) return 'inactive';
  if (login) {
    if (login.withdrawn) return 'withdrawn';
    // The lock of a login that does not stand for this customer is no business of who looks.
    if (!login.belongs) return 'not_chosen';
    if (login.lockedUntil && login.lockedUntil > now) return 'locked';
    if (!login.emailConfirmedAt) return facts.addressProblem ? 'bad_address' : 'unconfirmed';
    return login.agreementAccepted ? 'active' : 'agreement';
  }
  if (!facts.customerEmail) return 'no_address';
  if (facts.addressProblem) return 'bad_address';
  if (!invitation) return 'never_invited';
  if (!same(facts.customerEmail, invitation.email)) return 'other_address';
  return now.getTime() - invitation.lastSentAt.getTime() > invitationLasts_ms
    ? 'invitation_expired'
    : 'invited';
}

type Told = { title: string; why: string; remedies: readonly Remedy[] };

/** Each state in the words of whoever picks up the telephone, with what helps. */
export const accessWords: Readonly<Record<Access, Told>> = {
  inactive: {
    title: 'The customer is inactive',
    why: 'Inactive customers are not shown in the portal, so their login opens nothing here.',
    remedies: ['activate'],
  },
  no_address: {
    title: 'There is no e-mail address',
    why: 'Invitations go to the address on the record.',
    remedies: ['change_address'],
  },
  bad_address: {
    title: 'Mail to this address does not arrive',
    why: 'It has bounced or was marked as spam. Ask for the right address, change it, and invite again.',
    remedies: ['change_address', 'invite'],
  },
  never_invited: {
    title: 'Never invited',
    why: 'A login is made by the link in an invitation.',
    remedies: ['invite'],
  },
  invited: {
    title: 'Invited, and no login made',
    why: 'The link in the invitation was not used. Ask them to look in spam, or send it again.',
    remedies: ['invite', 'change_address'],
  },
  invitation_expired: {
    title: 'The invitation has expired',
    why: 'Its link worked for 30 days. Send a fresh one.',
    remedies: ['invite'],
  },
  other_address: {
    title: 'Invited at another address',
    why: 'The address on the record was changed since. The old invitation opens nothing: send a new one.',
    remedies: ['invite'],
  },
  withdrawn: {
    title: 'Access was withdrawn',
    why: 'The login exists, but no longer stands for this customer. Invite them again to give it back.',
    remedies: ['invite'],
  },
  not_chosen: {
    title: 'Login made, this customer not chosen',
    why: 'They have a login, but have not said that they are this customer. Signing in offers it to them.',
    remedies: ['send_reset', 'invite'],
  },
  locked: {
    title: 'Locked after wrong passwords',
    why: 'It opens by itself. Unlock it now, or send a link for a new password, which unlocks it too.',
    remedies: ['unlock', 'send_reset'],
  },
  unconfirmed: {
    title: 'The address is not confirmed',
    why: 'The link in the second mail was not opened. Send it again.',
    remedies: ['send_confirmation', 'change_address'],
  },
  agreement: {
    title: 'The agreement is not accepted',
    why: 'They sign in and accept it; the page leads them there.',
    remedies: ['send_reset'],
  },
  active: {
    title: 'Nothing stands in the way',
    why: 'The login works. Mostly it is a wrong password, or another address than this one.',
    remedies: ['send_reset'],
  },
};

/** An address that staff did not give itself is not told to it: its first letter and its domain are. */
export function shownAddress(email: string, known: readonly (string | null | undefined)[]): string {
  if (known.some((each) => each && same(each, email))) return email;
  const at = email.lastIndexOf('@');
  return `${email.slice(0, 1)}•••${email.slice(at)}`;
}
