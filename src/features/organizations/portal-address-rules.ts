/**
 * Words that are pages of the portal already, or that would pass for somebody else's door. A test compares
 * the first ones with the pages that are there.
 */
export const pageWords = [
  'add-method',
  'agreement',
  'ask',
  'assets',
  'autopay',
  'check-email',
  'checkout',
  'choose',
  'confirm',
  'credit',
  'email',
  'estimates',
  'files',
  'forgot',
  'help',
  'history',
  'invoices',
  'methods',
  'none',
  'password',
  'pay',
  'payments',
  'plans',
  'profile',
  'questions',
  'renew',
  'reset',
  'schedules',
  'sign',
  'sign-in',
  'sign-out',
  'sign-up',
  'support',
  'switch',
  'terms',
  'trouble',
  'welcome',
] as const;
const claims = [
  'account',
  'accounts',
  'admin',
  'api',
  'app',
  'bank',
  'billing',
  'console',
  'invoice',
  'login',
  'mail',
  'owed',
  'payment',
  'paypal',
  'portal',
  'pages',
  'secure',
  'security',
  'settings',
  'stripe',
  'test',
  'verify',
  'www',
] as const;
const refused = new Set<string>([...pageWords, ...claims]);

/** Why a portal cannot be found under a name; undefined when it can. */
export function problemWithSlug(slug: string): string | undefined {
  if (slug.length < 3 || slug.length > 40) return 'Use 3 to 40 characters.';
  if (!/^[a-z0-9-]+$/.test(slug)) return 'Use small letters a to z, digits and hyphens only.';
  if (!/^[a-z0-9].*[a-z0-9]$/.test(slug)) return 'Begin and end with a letter or a digit.';
  if (slug.includes('--')) return 'Use one hyphen at a time.';
  if (/^[a-z]{3}_?[0-9a-hjkmnp-tv-z]{22}$/.test(slug)) return 'This looks like an id. Use a name.';
  return refused.has(slug) ? `“${slug}” is a word that the portal needs itself. Choose another.` : undefined;
}
