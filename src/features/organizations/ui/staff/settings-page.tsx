import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import type { zOrganization } from '#features/organizations/api.ts';
import { getOrganization } from '#features/organizations/api.ts';
import { ApiKeys } from '#features/organizations/ui/staff/api-keys.tsx';
import { AutopaySettings } from '#features/organizations/ui/staff/autopay-settings.tsx';
import { BrandingSettings } from '#features/organizations/ui/staff/branding-settings.tsx';
import { EventTimeline } from '#features/organizations/ui/staff/event-timeline.tsx';
import { GeneralSettings } from '#features/organizations/ui/staff/general-settings.tsx';
import { InvoiceSettings } from '#features/organizations/ui/staff/invoice-settings.tsx';
import { SandboxClock } from '#features/organizations/ui/staff/sandbox-clock.tsx';
import { useFrame } from '#ui/frame.tsx';
import { PageHead, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useChosenInSight } from '#ui/tab-list.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

export type Organization = z.output<typeof zOrganization>;
export type SettingsSection =
  | 'general'
  | 'branding'
  | 'invoices'
  | 'items'
  | 'taxes'
  | 'messenger'
  | 'templates'
  | 'sending-domain'
  | 'portal'
  | 'reminders'
  | 'late_fees'
  | 'payment_plans'
  | 'card_fees'
  | 'autopay'
  | 'gateways'
  | 'texts'
  | 'letters'
  | 'keys'
  | 'log'
  | 'clock';

/** Sections of other rooms; the shell hands them in. */
export type OtherSections = Record<
  | 'gateways'
  | 'customerDefaults'
  | 'invoiceLayout'
  | 'items'
  | 'taxes'
  | 'messenger'
  | 'templates'
  | 'sending-domain'
  | 'reminders'
  | 'lateFees'
  | 'paymentPlans'
  | 'cardFees'
  | 'texts'
  | 'letters',
  ReactNode
>;

type Show = (organization: Organization, others: OtherSections) => ReactNode;

const sections: Record<SettingsSection, { title: string; show: Show }> = {
  general: { title: 'General', show: (organization) => <GeneralSettings organization={organization} /> },
  branding: { title: 'Branding', show: (organization) => <BrandingSettings organization={organization} /> },
  invoices: {
    title: 'Invoices and mail',
    show: (organization, others) => (
      <div className="stack loose">
        {others.invoiceLayout}
        <InvoiceSettings organization={organization} />
      </div>
    ),
  },
  items: { title: 'Items', show: (_organization, others) => others.items },
  taxes: { title: 'Taxes and terms', show: (_organization, others) => others.taxes },
  messenger: { title: 'Invoice messenger', show: (_organization, others) => others.messenger },
  templates: { title: 'Templates', show: (_organization, others) => others.templates },
  'sending-domain': { title: 'Sending domain', show: (_organization, others) => others['sending-domain'] },
  portal: {
    title: 'Customer defaults',
    show: (_organization, others) => others.customerDefaults,
  },
  reminders: { title: 'Reminders', show: (_organization, others) => others.reminders },
  late_fees: { title: 'Late fees', show: (_organization, others) => others.lateFees },
  payment_plans: { title: 'Payment plans', show: (_organization, others) => others.paymentPlans },
  card_fees: { title: 'Card fees', show: (_organization, others) => others.cardFees },
  autopay: {
    title: 'Autopay and retries',
    show: (organization) => <AutopaySettings organization={organization} />,
  },
  gateways: { title: 'Payment gateways', show: (_organization, others) => others.gateways },
  texts: { title: 'Text messages', show: (_organization, others) => others.texts },
  letters: { title: 'Letters', show: (_organization, others) => others.letters },
  keys: { title: 'API keys', show: () => <ApiKeys /> },
  log: {
    title: 'Audit log',
    show: () => (
      <Sheet title="Everything that happened, newest first">
        <EventTimeline about={{}} />
      </Sheet>
    ),
  },
  clock: { title: 'Practice clock', show: (organization) => <SandboxClock organization={organization} /> },
};

export function SettingsPage({
  section,
  onSection,
  others,
}: {
  section: SettingsSection;
  others: OtherSections;
  onSection: (section: SettingsSection) => void;
}) {
  const { mode } = useFrame();
  const organization = useAsk(getOrganization);
  const menu = useChosenInSight<HTMLElement>(section);
  const names = (Object.keys(sections) as SettingsSection[]).filter(
    (name) => name !== 'clock' || mode === 'sandbox',
  );
  const { title, show } = sections[names.includes(section) ? section : 'general'];
  return (
    <>
      <PageHead title="Settings" tab={`${title} · Settings`} />
      <div className="settings">
        <nav aria-label="Settings" ref={menu}>
          <ul>
            {names.map((name) => (
              <li key={name}>
                <button
                  type="button"
                  {...(name === section ? { 'aria-current': 'page' as const } : {})}
                  onClick={() => onSection(name)}
                >
                  {sections[name].title}
                </button>
              </li>
            ))}
          </ul>
        </nav>
        <div>
          <Problem error={organization.error} onRetry={() => void organization.refetch()} />
          {organization.data
            ? show(organization.data, others)
            : !organization.error && <Skeleton height={420} radius="lg" />}
        </div>
      </div>
    </>
  );
}
