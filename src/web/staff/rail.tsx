import {
  IconBuildingBank,
  IconCreditCardPay,
  IconFileImport,
  IconFileInvoice,
  IconFileText,
  IconHome,
  IconMail,
  IconMessageCircle,
  IconPhone,
  IconPigMoney,
  IconReceiptRefund,
  IconRepeat,
  IconReport,
  IconScale,
  IconSearch,
  IconSettings,
  IconUsers,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import { getAttention } from '#features/dashboard/api.ts';
import type { zOrganization } from '#features/organizations/api.ts';
import type { zMe } from '#features/users/api.ts';
import type { Scope } from '#lib/endpoint.ts';
import { useFrame } from '#ui/frame.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { Bell } from '#web/staff/bell.tsx';
import { OrganizationSwitcher } from '#web/staff/organization-switcher.tsx';
import { ThemeToggle } from '#web/staff/theme-toggle.tsx';
import { UserMenu } from '#web/staff/user-menu.tsx';

export type RailProps = {
  me: z.output<typeof zMe>;
  organization: z.output<typeof zOrganization>;
  onFind: () => void;
};

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

const places = [
  { to: '/', label: 'Overview', icon: IconHome, scope: undefined },
  { to: '/customers', label: 'Customers', icon: IconUsers, scope: 'customers:read' },
  { to: '/collections', label: 'Collections', icon: IconPhone, scope: 'customers:read' },
  { to: '/invoices', label: 'Invoices', icon: IconFileInvoice, scope: 'invoices:read' },
  { to: '/estimates', label: 'Estimates', icon: IconFileText, scope: 'invoices:read' },
  { to: '/credit-memos', label: 'Credit memos', icon: IconReceiptRefund, scope: 'invoices:read' },
  { to: '/payments', label: 'Payments', icon: IconBuildingBank, scope: 'payments:read' },
  { to: '/terminal', label: 'Terminal', icon: IconCreditCardPay, scope: 'payments:write' },
  { to: '/schedules', label: 'Schedules', icon: IconRepeat, scope: 'payments:read' },
  { to: '/deposits', label: 'Deposits', icon: IconPigMoney, scope: 'payments:read' },
  { to: '/chargebacks', label: 'Chargebacks', icon: IconScale, scope: 'payments:read' },
  { to: '/messages', label: 'Messages', icon: IconMail, scope: 'messages:read' },
  { to: '/tickets', label: 'Questions', icon: IconMessageCircle, scope: 'customers:read' },
  { to: '/reports', label: 'Reports', icon: IconReport, scope: 'customers:read' },
  { to: '/imports', label: 'Imports', icon: IconFileImport, scope: 'imports:write' },
  { to: '/settings', label: 'Settings', icon: IconSettings, scope: 'settings:read' },
] as const;

/** The permission that somebody lacks for a place of the rail and what lies under it. */
export function missingFor(pathname: string, scopes: readonly string[]): Scope | undefined {
  const place = places.find(({ to }) => to !== '/' && (pathname === to || pathname.startsWith(`${to}/`)));
  const scope = place?.scope;
  // The settings tell section by section: some of them are a person’s own.
  return scope && scope !== 'settings:read' && !scopes.includes(scope) ? scope : undefined;
}

export function Rail({ me, organization, onFind }: RailProps) {
  const { can } = useFrame();
  const attention = useAsk(getAttention);
  const failed = (attention.data?.mails_bounced ?? 0) + (attention.data?.messages_failed ?? 0);
  return (
    <>
      <OrganizationSwitcher me={me} organization={organization} />
      <button type="button" className="find" onClick={onFind}>
        <IconSearch size={16} aria-hidden />
        Search
        <kbd>{isMac ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      <nav aria-label="Main">
        <ul className="nav">
          {places
            .filter(({ scope }) => !scope || can(scope))
            .map(({ to, label, icon: Icon }) => (
              <li key={to}>
                <Link
                  to={to}
                  activeOptions={{ exact: to === '/', includeSearch: false }}
                  activeProps={{ 'aria-current': 'page' }}
                >
                  <Icon size={18} stroke={1.6} aria-hidden />
                  {label}
                  {to === '/messages' && failed > 0 && (
                    <span className="count" aria-label={`${failed} did not arrive`}>
                      {failed}
                    </span>
                  )}
                </Link>
              </li>
            ))}
        </ul>
      </nav>
      <div className="rail-foot">
        {organization.mode === 'sandbox' && <PracticeBadge today={organization.today} />}
        <div className="rail-user">
          <div className="who">
            <UserMenu me={me} />
          </div>
          <Bell />
          <ThemeToggle />
        </div>
      </div>
    </>
  );
}

/** A sandbox is never mistaken for the real thing: it says so, and which day it believes to be. */
function PracticeBadge({ today }: { today: string }) {
  const { date } = useFrame();
  return (
    <Link to="/settings" search={{ section: 'clock' }} className="practice">
      <strong>Practice mode</strong>
      <span className="num">It is {date(today)} here</span>
    </Link>
  );
}
