import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useRef, useState } from 'react';
import type { z } from 'zod';
import type { zOrganization } from '#features/organizations/api.ts';
import { getOrganization } from '#features/organizations/api.ts';
import { ApiKeys } from '#features/organizations/ui/staff/api-keys.tsx';
import { AutopaySettings } from '#features/organizations/ui/staff/autopay-settings.tsx';
import { BrandingSettings } from '#features/organizations/ui/staff/branding-settings.tsx';
import { GeneralSettings } from '#features/organizations/ui/staff/general-settings.tsx';
import { IdleSettings } from '#features/organizations/ui/staff/idle-settings.tsx';
import { InvoiceSettings } from '#features/organizations/ui/staff/invoice-settings.tsx';
import { OtherNumbers } from '#features/organizations/ui/staff/other-numbers.tsx';
import { SandboxClock } from '#features/organizations/ui/staff/sandbox-clock.tsx';
import { placeOf } from '#features/organizations/ui/staff/settings-map.ts';
import { SettingsMenu } from '#features/organizations/ui/staff/settings-menu.tsx';
import { type FoundField, useFoundField } from '#features/organizations/ui/staff/use-found-field.ts';
import type { Scope } from '#lib/endpoint.ts';
import { useFrame } from '#ui/frame.tsx';
import { PageHead, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
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
  | 'payment_terms'
  | 'billing'
  | 'reminders'
  | 'late_fees'
  | 'payment_plans'
  | 'card_fees'
  | 'autopay'
  | 'gateways'
  | 'texts'
  | 'letters'
  | 'notifications'
  | 'users'
  | 'sign_on'
  | 'data'
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
  | 'paymentTerms'
  | 'billing'
  | 'cardFees'
  | 'chargeLimits'
  | 'texts'
  | 'letters'
  | 'notifications'
  | 'users'
  | 'signOn'
  | 'data'
  | 'log',
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
        <OtherNumbers organization={organization} />
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
  payment_terms: { title: 'Terms and conditions', show: (_organization, others) => others.paymentTerms },
  billing: { title: 'Billing', show: (_organization, others) => others.billing },
  reminders: { title: 'Reminders', show: (_organization, others) => others.reminders },
  late_fees: { title: 'Late fees', show: (_organization, others) => others.lateFees },
  payment_plans: { title: 'Payment plans', show: (_organization, others) => others.paymentPlans },
  card_fees: { title: 'Card fees', show: (_organization, others) => others.cardFees },
  autopay: {
    title: 'Autopay and retries',
    show: (organization, others) => (
      <div className="stack loose">
        <AutopaySettings organization={organization} />
        {others.chargeLimits}
      </div>
    ),
  },
  gateways: { title: 'Payment gateways', show: (_organization, others) => others.gateways },
  texts: { title: 'Text messages', show: (_organization, others) => others.texts },
  letters: { title: 'Letters', show: (_organization, others) => others.letters },
  notifications: { title: 'Notifications', show: (_organization, others) => others.notifications },
  users: { title: 'Users', show: (_organization, others) => others.users },
  data: { title: 'Data', show: (_organization, others) => others.data },
  keys: { title: 'API keys', show: () => <ApiKeys /> },
  sign_on: {
    title: 'Sign-in',
    show: (organization, others) => (
      <div className="stack loose">
        {others.signOn}
        <IdleSettings organization={organization} />
      </div>
    ),
  },
  log: { title: 'Audit log', show: (_organization, others) => others.log },
  clock: { title: 'Practice clock', show: (organization) => <SandboxClock organization={organization} /> },
};

/** A person’s own choices, and what says for itself who may look. */
const own: ReadonlySet<SettingsSection> = new Set(['notifications', 'sign_on', 'users', 'log']);
/** Who may read a list finds its files under Data. */
const listScopes: readonly Scope[] = [
  ...(['customers:read', 'invoices:read', 'payments:read', 'messages:read', 'events:read'] as const),
  ...(['imports:write', 'users:write'] as const),
];
const closedSection = (
  <Sheet title="Not for your role">
    <p className="fine">
      Your role does not include the settings. An owner of your organization can give you the permission
      settings:read.
    </p>
  </Sheet>
);

export function SettingsPage({
  section,
  onSection,
  others,
  hidden = [],
}: {
  section: SettingsSection;
  others: OtherSections;
  /** What this installation has no use for. */
  hidden?: readonly SettingsSection[];
  onSection: (section: SettingsSection) => void;
}) {
  const { mode, can } = useFrame();
  const organization = useAsk(getOrganization);
  const page = useRef<HTMLDivElement>(null);
  const [found, setFound] = useState<FoundField>();
  useFoundField(page, found);
  const names = (Object.keys(sections) as SettingsSection[]).filter(
    (name) =>
      !hidden.includes(name) &&
      (name !== 'clock' || mode === 'sandbox') &&
      (name !== 'users' || can('users:write')),
  );
  const shown = names.includes(section) ? section : 'general';
  const { title, show } = sections[shown];
  const hasLists = listScopes.some(can);
  const isClosed = !can('settings:read') && !own.has(shown) && !(shown === 'data' && hasLists);
  const open = (name: string, label?: string): void => {
    onSection(name as SettingsSection);
    setFound(label ? { label, at: performance.now() } : undefined);
  };
  return (
    <>
      <PageHead title="Settings" tab={`${title} · Settings`} />
      <div className="settings">
        <SettingsMenu
          sections={names.map((name) => ({ name, title: sections[name].title }))}
          current={shown}
          onOpen={open}
        />
        <div ref={page}>
          <div className="settings-head">
            <strong>{title}</strong>
            <p>{placeOf(shown).says}</p>
          </div>
          <Problem error={organization.error} onRetry={() => void organization.refetch()} />
          {organization.data
            ? isClosed
              ? closedSection
              : show(organization.data, others)
            : !organization.error && <Skeleton height={420} radius="lg" />}
        </div>
      </div>
    </>
  );
}
