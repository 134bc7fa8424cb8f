import { useSearch } from '@tanstack/react-router';
import { LetterSettings } from '#features/channel-accounts/ui/staff/letter-settings.tsx';
import { TextSettings } from '#features/channel-accounts/ui/staff/text-settings.tsx';
import { GatewaySettings } from '#features/gateway-accounts/ui/staff/gateway-settings.tsx';
import type { SettingsSection } from '#features/organizations/ui/staff/settings-page.tsx';
import { SettingsPage } from '#features/organizations/ui/staff/settings-page.tsx';
import { useSearchChange } from '#web/staff/use-search-change.ts';

export function Settings() {
  const { section = 'general' } = useSearch({ strict: false }) as { section?: SettingsSection };
  const onSearch = useSearchChange();
  return (
    <SettingsPage
      section={section}
      others={{ gateways: <GatewaySettings />, texts: <TextSettings />, letters: <LetterSettings /> }}
      onSection={(next) => onSearch({ section: next === 'general' ? undefined : next })}
    />
  );
}
