import { useSearch } from '@tanstack/react-router';
import { AuditLog } from '#features/audit-log/ui/staff/audit-log.tsx';
import { ChargeLimits } from '#features/autopay/ui/staff/charge-limits.tsx';
import { getBilling } from '#features/billing/api.ts';
import { BillingSettings } from '#features/billing/ui/staff/billing-settings.tsx';
import { RecentBulk } from '#features/bulk-actions/ui/staff/recent-bulk.tsx';
import { CardFeeSettings } from '#features/card-fees/ui/staff/card-fee-settings.tsx';
import { LetterSettings } from '#features/channel-accounts/ui/staff/letter-settings.tsx';
import { TextSettings } from '#features/channel-accounts/ui/staff/text-settings.tsx';
import { CustomerDefaults } from '#features/customer-defaults/ui/staff/customer-defaults.tsx';
import { DataExports } from '#features/data-exports/ui/staff/data-exports.tsx';
import { RecentFiles } from '#features/downloads/ui/staff/recent-files.tsx';
import { EInvoicePolicy } from '#features/e-invoices/ui/staff/e-invoice-settings.tsx';
import { GatewaySettings } from '#features/gateway-accounts/ui/staff/gateway-settings.tsx';
import { LayoutSettings } from '#features/invoices/ui/staff/layout-settings.tsx';
import { NumberingSettings } from '#features/invoices/ui/staff/numbering-settings.tsx';
import { Items } from '#features/items/ui/staff/items.tsx';
import { LateFeeSettings } from '#features/late-fees/ui/staff/late-fee-settings.tsx';
import { MessengerSettings } from '#features/messenger/ui/staff/messenger-settings.tsx';
import { NotificationSettings } from '#features/notifications/ui/staff/notification-settings.tsx';
import { SignOnSettings } from '#features/oidc/ui/staff/sign-on-settings.tsx';
import type { SettingsSection } from '#features/organizations/ui/staff/settings-page.tsx';
import { SettingsPage } from '#features/organizations/ui/staff/settings-page.tsx';
import { PlanLimitSettings } from '#features/payment-plans/ui/staff/plan-limits.tsx';
import { PaymentTermsSettings } from '#features/payment-terms/ui/staff/payment-terms-settings.tsx';
import { ReminderSettings } from '#features/reminders/ui/staff/reminder-settings.tsx';
import { SendingDomainSettings } from '#features/sending-domains/ui/staff/sending-domain-settings.tsx';
import { TaxRates } from '#features/taxes/ui/staff/tax-rates.tsx';
import { TemplateSettings } from '#features/templates/ui/staff/template-settings.tsx';
import { TermsList } from '#features/terms/ui/staff/terms-list.tsx';
import { UsersSettings } from '#features/users/ui/staff/users-settings.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { useSearchChange } from '#web/staff/use-search-change.ts';

export function Settings() {
  const { section = 'general' } = useSearch({ strict: false }) as { section?: SettingsSection };
  const onSearch = useSearchChange();
  // Where nobody bills, nothing speaks of it.
  const billing = useAsk(getBilling);
  const isOff = !billing.data || billing.data.role === 'off';
  return (
    <SettingsPage
      section={section}
      hidden={isOff && section !== 'billing' ? ['billing'] : []}
      others={{
        gateways: <GatewaySettings />,
        messenger: (
          <div className="stack loose">
            <MessengerSettings />
            <EInvoicePolicy />
          </div>
        ),
        reminders: <ReminderSettings />,
        lateFees: <LateFeeSettings />,
        paymentPlans: <PlanLimitSettings />,
        paymentTerms: <PaymentTermsSettings />,
        cardFees: <CardFeeSettings />,
        billing: <BillingSettings />,
        chargeLimits: <ChargeLimits />,
        customerDefaults: <CustomerDefaults />,
        invoiceLayout: (
          <>
            <LayoutSettings />
            <NumberingSettings />
          </>
        ),
        items: <Items />,
        taxes: (
          <div className="stack loose">
            <TaxRates />
            <TermsList />
          </div>
        ),
        templates: <TemplateSettings />,
        texts: <TextSettings />,
        letters: <LetterSettings />,
        notifications: <NotificationSettings />,
        'sending-domain': <SendingDomainSettings />,
        users: <UsersSettings />,
        signOn: <SignOnSettings />,
        log: <AuditLog />,
        data: (
          <div className="stack loose">
            <DataExports />
            <RecentFiles />
            <RecentBulk />
          </div>
        ),
      }}
      onSection={(next) => onSearch({ section: next === 'general' ? undefined : next })}
    />
  );
}
