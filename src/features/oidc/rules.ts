/** What a provider says of whoever signed in there, once signature, audience, nonce and times are checked. */
export type Claims = {
  subject: string;
  email: string | undefined;
  emailVerified: boolean;
  firstName: string;
  lastName: string;
};

export type ProviderRules = {
  organizationId: string;
  forAll: boolean;
  emailDomains: readonly string[];
  linksByEmail: boolean;
  createsUsers: boolean;
};

/** Somebody who has a sign-in, and where it leads. */
export type Person = {
  userId: string;
  isDisabled: boolean;
  isOperator: boolean;
  /** The organizations where this person works and is not disabled. */
  worksFor: readonly string[];
};

/** Why somebody is not let in; the sign-in page has the words. */
export const refusals = {
  cancelled: 'The sign-in was stopped at your provider. Try again, or use your password.',
  expired: 'This sign-in took too long, was used before, or was begun in another browser. Try again.',
  unreachable: 'Your provider did not answer. Try again in a minute, or use your password.',
  refused:
    'What your provider answered could not be trusted, so you were not signed in. Try again; if it stays so, tell an owner.',
  gone: 'This way to sign in is no longer offered. Use your password.',
  no_email:
    'Your provider did not tell your e-mail address. Sign in with your password and connect it in your sign-in settings.',
  unverified_email:
    'Your provider has not verified your e-mail address. Sign in with your password and connect it in your sign-in settings.',
  other_domain: 'Your e-mail address is not of a domain that may sign in this way. Ask an owner.',
  not_connected:
    'Your sign-in is not connected with this provider yet. Sign in with your password and connect it in your sign-in settings.',
  works_elsewhere:
    'You work for other organizations as well, so a provider of one of them cannot sign you in. Use your password.',
  no_account: 'Nobody with this e-mail address works here. Ask an owner to invite you.',
  disabled: 'Your access was disabled. Ask an owner of your organization.',
  taken: 'This account of your provider is connected with another person here.',
  signed_out: 'You were signed out before the connection was made. Sign in and connect again.',
} as const;
export type RefusedSignIn = keyof typeof refusals;

export type Decision =
  | { enter: string }
  | { link: string }
  | { create: { email: string } }
  | { refuse: RefusedSignIn };

export const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1).toLowerCase();

const fits = (email: string, domains: readonly string[]): boolean =>
  domains.length === 0 || domains.includes(domainOf(email));

/**
 * Whether a provider may speak for this person. One of the installation may for anybody who works anywhere;
 * one of an organization, which its owners run, only for who works there and nowhere else: or the owners of
 * one organization could sign in as the people of another.
 */
function refusesPerson(provider: ProviderRules, person: Person): RefusedSignIn | undefined {
  if (person.isDisabled || person.worksFor.length === 0) return 'disabled';
  if (provider.forAll) return undefined;
  if (!person.worksFor.includes(provider.organizationId)) return 'no_account';
  return person.worksFor.length > 1 || person.isOperator ? 'works_elsewhere' : undefined;
}

/** The account connected before, or the one with the same verified address, or a new one, or none. */
export function decideSignIn(
  provider: ProviderRules,
  claims: Claims,
  known: { connected: Person | undefined; sameEmail: Person | undefined },
): Decision {
  if (known.connected) {
    const refuse = refusesPerson(provider, known.connected);
    return refuse ? { refuse } : { enter: known.connected.userId };
  }
  if (!claims.email) return { refuse: 'no_email' };
  if (!claims.emailVerified) return { refuse: 'unverified_email' };
  if (!fits(claims.email, provider.emailDomains)) return { refuse: 'other_domain' };
  if (known.sameEmail) {
    const refuse = refusesPerson(provider, known.sameEmail);
    if (refuse) return { refuse };
    return provider.linksByEmail ? { link: known.sameEmail.userId } : { refuse: 'not_connected' };
  }
  return provider.createsUsers ? { create: { email: claims.email } } : { refuse: 'no_account' };
}

/** Somebody who is signed in connects a provider: it is told of by nobody else, so its address may be any. */
export function decideConnect(
  provider: ProviderRules,
  person: Person,
  connected: Person | undefined,
): RefusedSignIn | undefined {
  if (connected && connected.userId !== person.userId) return 'taken';
  return refusesPerson(provider, person);
}

/** How long a sign-in at the provider may take. */
export const attemptLife_s = 600;

/** Only a path of our own console: a link must not lead through our sign-in to somebody else's page. */
export const ownPath = (path: string | undefined): string | undefined =>
  path && /^\/(?!\/)[\x21-\x7e]{0,500}$/.test(path) && !path.includes('\\') && !path.startsWith('/sign-in')
    ? path
    : undefined;

/** What is wrong with the address of an issuer; undefined when nothing is. */
export function issuerProblem(issuer: string): string | undefined {
  if (!URL.canParse(issuer))
    return 'must be the address of your provider, such as https://accounts.google.com';
  const { protocol, hostname, search, hash, username } = new URL(issuer);
  if (search || hash || username) return 'must be the bare address, without ?, # or a name';
  const isOwn = hostname === 'localhost' || hostname === '127.0.0.1';
  if (protocol !== 'https:' && !(protocol === 'http:' && isOwn)) return 'must begin with https://';
  if (/^\/(common|organizations|consumers)(\/|$)/.test(new URL(issuer).pathname))
    return 'lets in people of any company: put the id of your own tenant in its place';
  return undefined;
}
