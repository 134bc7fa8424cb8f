import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { AutopayDeclines, AutopayEnabled } from '#features/autopay/ui/staff/autopay-reports.tsx';
import { ComingCharges } from '#features/autopay/ui/staff/coming-charges.tsx';
import { PaperConflicts } from '#features/letters/ui/staff/paper-conflicts.tsx';
import { PendingPlans } from '#features/payment-plans/ui/staff/pending-plans.tsx';
import { BouncedEmails } from '#features/reports/ui/staff/bounced-emails.tsx';
import { EmailConflicts } from '#features/reports/ui/staff/email-conflicts.tsx';
import { HeldMail } from '#features/reports/ui/staff/held-mail.tsx';
import { ReportIndex } from '#features/reports/ui/staff/report-index.tsx';
import { ReportMails } from '#features/reports/ui/staff/report-mails.tsx';
import { PageHead } from '#ui/page.tsx';
import { TabList } from '#ui/tab-list.tsx';

export const reportTabs = [
  'all',
  'mails',
  'email-conflicts',
  'ignored',
  'bounced',
  'held-mail',
  'paper',
  'plans',
  'autopay',
  'autopay-charges',
  'autopay-declines',
] as const;
export type ReportTab = (typeof reportTabs)[number];
type Look = { view: 'final' | undefined; onView: (view: 'final' | undefined) => void };

const reports: Record<ReportTab, { title: string; show: (look: Look) => ReactNode }> = {
  all: { title: 'All reports', show: () => <ReportIndex /> },
  mails: { title: 'By mail', show: () => <ReportMails /> },
  'email-conflicts': { title: 'E-mail conflicts', show: () => <EmailConflicts view="open" /> },
  ignored: { title: 'Ignored conflicts', show: () => <EmailConflicts view="ignored" /> },
  bounced: { title: 'Bounced e-mails', show: () => <BouncedEmails /> },
  'held-mail': { title: 'Held-back mail', show: () => <HeldMail /> },
  paper: { title: 'Paper mail conflicts', show: () => <PaperConflicts /> },
  plans: { title: 'Pending payment plans', show: () => <PendingPlans /> },
  autopay: { title: 'Autopay enabled', show: () => <AutopayEnabled /> },
  'autopay-charges': { title: 'Autopay to come', show: () => <ComingCharges /> },
  'autopay-declines': { title: 'Autopay declines', show: (look) => <AutopayDeclines {...look} /> },
};
const titles = Object.fromEntries(reportTabs.map((tab) => [tab, reports[tab].title])) as Record<
  ReportTab,
  string
>;

/** The figures of the business; what keeps customers from hearing of invoices; what autopay could not do. */
type Props = Look & { tab: ReportTab; onTab: (tab: ReportTab) => void };
export function ReportsPage({ tab, onTab, ...look }: Props) {
  return (
    <>
      <PageHead title="Reports" tab={`${titles[tab]} · Reports`} />
      <Tabs value={tab} onChange={(next) => onTab((next ?? reportTabs[0]) as ReportTab)} keepMounted={false}>
        <TabList label="Reports" chosen={tab} names={reportTabs} titles={titles} />
        {reportTabs.map((name) => (
          <Tabs.Panel key={name} value={name}>
            {name === tab && reports[name].show(look)}
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}
