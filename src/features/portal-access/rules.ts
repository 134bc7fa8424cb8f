import { nextMailAt, plainEmail } from '#features/users/rules.ts';

/** How far someone has come on the way in (product: five steps). Active is the end of it. */
export type Step = 'choose' | 'confirm' | 'agreement' | 'active';

export type StepFacts = { profiles: number; emailConfirmedAt: Date | null; agreementAccepted: boolean };

export function nextStep(facts: StepFacts): Step {
  if (facts.profiles === 0) return 'choose';
  if (!facts.emailConfirmedAt) return 'confirm';
  return facts.agreementAccepted ? 'active' : 'agreement';
}

const paths: Record<Step, string> = {
  choose: '/portal/choose',
  confirm: '/portal/check-email',
  agreement: '/portal/agreement',
  active: '/portal',
};
export const pathOf = (step: Step): string => paths[step];

export const sameEmail = (a: string, b: string): boolean => plainEmail(a) === plainEmail(b);

export type LinkFacts = { purpose: string; expiresAt: Date; usedAt: Date | null };
export type LinkProblem = 'unknown' | 'expired' | 'used';

/** Why a link from a mail does not open what it was for; undefined when it does. */
export function linkProblem(
  link: LinkFacts | undefined,
  purpose: string,
  now: Date,
): LinkProblem | undefined {
  if (!link || link.purpose !== purpose) return 'unknown';
  if (link.expiresAt <= now) return 'expired';
  return link.usedAt ? 'used' : undefined;
}

export type InvitationFacts = {
  email: string | null;
  active: boolean;
  portalState: string;
  recentSends: readonly Date[];
};

/** Why a customer cannot be invited now, for the report to staff; undefined when it can. */
export function invitationRefusal(facts: InvitationFacts, now: Date): string | undefined {
  if (!facts.active) return 'The customer is inactive. Activate it first.';
  if (!facts.email) return 'The customer has no e-mail address. Add one first.';
  if (facts.portalState === 'active') return 'The customer is active in the portal already.';
  if (facts.portalState === 'locked')
    return 'The customer is active in the portal; sign-in is locked for a while.';
  const next = nextMailAt(facts.recentSends, now);
  if (!next) return undefined;
  const minutes = Math.ceil((next.getTime() - now.getTime()) / 60_000);
  return `The customer was invited several times of late. Try again in ${minutes} minutes.`;
}

export type AgreementSection = { heading?: string; paragraphs: string[] };

/** The stored text as sections: `## ` begins one, an empty line ends a paragraph. */
export function sectionsOf(text: string): AgreementSection[] {
  const sections: AgreementSection[] = [];
  for (const block of text
    .split(/\n{2,}/)
    .map((part) => part.replace(/\s+/g, ' ').trim())
    .filter(Boolean)) {
    if (block.startsWith('## ')) sections.push({ heading: block.slice(3), paragraphs: [] });
    else if (sections.length === 0) sections.push({ paragraphs: [block] });
    else sections.at(-1)?.paragraphs.push(block);
  }
  return sections;
}

/** Where to go on after signing in: a page of the portal, and never a page that only posts or signs out. */
export function safeNext(path: string | undefined): string | undefined {
  if (!path || path.length > 300) return undefined;
  return /^\/portal(\/(choose|history|methods|profile|invoices\/[\w-]+|payments\/[\w-]+(\/receipt)?))?$/.test(
    path,
  )
    ? path
    : undefined;
}

/** A new invitation since the last sign-in is offered once, right after signing in. */
export const hasNews = (
  offers: readonly { invitedAt: Date | null; chosen: boolean }[],
  lastSignInAt: Date | null,
): boolean =>
  offers.some(
    (offer) => !offer.chosen && offer.invitedAt !== null && (!lastSignInAt || offer.invitedAt > lastSignInAt),
  );
