import { catalogue } from '#features/reports/catalogue.ts';
import { inDialog, press, type View } from './console-press.ts';

/** Every report of the business, one with a period of its own, and the mail that brings one. */
export const reportViews: View[] = [
  ...catalogue.map(({ key }) => ({ name: `report-${key}`, path: `/reports/${key}` })),
  { name: 'report-period', path: '/reports/sales?period=custom&from=2026-01-01&to=2026-12-31' },
  { name: 'report-by-mail', ...inDialog, path: '/reports/aging', open: press('Send by mail') },
  { name: 'report-nowhere', path: '/reports/no-such-report', expected: /404/ },
];
