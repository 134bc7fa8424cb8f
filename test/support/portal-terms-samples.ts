import { termsPage } from '#web/portal/views/terms-page.ts';
import { payer, type Sample, visitor } from './portal-samples.ts';

const text = `Invoices are due within 30 days of their date. Until an invoice is paid, goods stay ours.

Payments by card are charged at once. A debit from a bank account takes some business days.

From the 31st day on we may charge interest of 1 % a month on what is past due.`;
const versions = [
  { version: 3, effectiveOn: '2026-09-01' },
  { version: 2, effectiveOn: '2026-03-01' },
  { version: 1, effectiveOn: '2025-01-01' },
];
const shown = { version: 3, text, effectiveOn: '2026-09-01' };
const lined = {
  ...payer,
  organization: { ...payer.organization, brandColor: '#24408e', accentColor: '#b0591b' },
};

export const termsSamples: Sample[] = [
  ['terms', termsPage(visitor, { shown, current: 3, versions })],
  [
    'terms-older',
    termsPage(visitor, { shown: { ...shown, version: 1, effectiveOn: '2025-01-01' }, current: 3, versions }),
  ],
  ['terms-none', termsPage(visitor, { shown: undefined, current: undefined, versions: [] })],
  [
    'terms-asking',
    termsPage(lined, {
      shown,
      current: 3,
      versions,
      asking: { action: '/portal/terms', signOutUrl: '/portal/sign-out', next: '/portal/history' },
    }),
  ],
];
