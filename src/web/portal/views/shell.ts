import type { Notice } from '#web/portal/views/parts.ts';

/** The business whose portal this is, as its customers know it. */
export type Organization = {
  name: string;
  /** How it writes amounts and dates: `de-DE`. */
  locale: string;
  logoUrl?: string;
  /** `#rrggbb`; anything else falls back to our own accent. */
  brandColor?: string;
  /** A second colour: a line at the head of the page. */
  accentColor?: string;
  /** What the browser shows beside the page's title; Owed's own without it. */
  iconUrl?: string;
  email?: string;
  phone?: string;
};

export type Profile = { id: string; customerName: string; organizationName: string; logoUrl?: string };

/** What the header needs to know of someone who is signed in. */
export type SignedIn = {
  email: string;
  current: Profile;
  /** All profiles that this login may switch to, the current one included. */
  profiles: Profile[];
  /** Posts `profile`. */
  switchUrl: string;
  signOutUrl: string;
  sections: Record<Section, string>;
  questionsUrl: string;
};

export type Section = 'invoices' | 'history' | 'methods' | 'profile';

/** What every page carries, whatever it shows. */
export type PortalShell = {
  organization: Organization;
  /** Posted back by every form. */
  csrf: string;
  /** Stands on the page's style elements; the content security policy names it. */
  nonce: string;
  /** True for a sandbox organization: the page says that no money moves. */
  practice: boolean;
  signedIn?: SignedIn;
  /** Shown once, above the page: what the last action did. */
  flash?: Notice;
  privacyUrl?: string;
  /** Where a question is written; missing where it is nobody's page in particular. */
  askUrl?: string;
};
