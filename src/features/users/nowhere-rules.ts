export type Lead = {
  isOperator: boolean;
  /** The organization whose invitation waits for an answer. */
  invitedBy: string | null;
  places: readonly {
    name: string;
    isDisabled: boolean;
    isOwner: boolean;
    /** The provider that the organization wants used instead of a password. */
    instead: string | null;
  }[];
  /** The same of the whole installation. */
  forAll: string | null;
};

const named = (names: readonly string[]): string =>
  names.length > 2 ? `${names.slice(0, 2).join(', ')} and others` : names.join(' and ');

/**
 * Why a right password opens nothing; undefined when it does. Owners and operators keep theirs, or a provider
 * that fails would lock everybody out; so does who works for several organizations, whom a provider of one of
 * them cannot sign in.
 */
export function whyNotByPassword(lead: Lead): string | undefined {
  const works = lead.places.filter(({ isDisabled }) => !isDisabled);
  if (works.length === 0) return nowhere(lead);
  if (lead.isOperator || works.some(({ isOwner }) => isOwner)) return undefined;
  const instead = lead.forAll ?? (works.length === 1 ? works[0]?.instead : null);
  return instead ? `Passwords are switched off here. Press “Sign in with ${instead}”.` : undefined;
}

function nowhere({ places, invitedBy }: Lead): string {
  if (invitedBy)
    return `${invitedBy} has invited you: open the link in that mail first. You work nowhere else in Owed now.`;
  if (places.length === 0)
    return 'Your sign-in belongs to no organization. Ask an owner of yours to invite you.';
  return `Your access to ${named(places.map(({ name }) => name))} was disabled. Ask an owner there to enable it again.`;
}
