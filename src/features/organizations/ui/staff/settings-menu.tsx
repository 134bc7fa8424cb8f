import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { findSettings, placeOf, settingsGroups } from '#features/organizations/ui/staff/settings-map.ts';
import { useChosenInSight } from '#ui/tab-list.tsx';

export type MenuSection = { name: string; title: string };
type Props = {
  sections: readonly MenuSection[];
  current: string;
  onOpen: (section: string, label?: string) => void;
};

/** All sections by what they are about, and a field that finds any setting by a word of it. */
export function SettingsMenu({ sections, current, onOpen }: Props) {
  const [query, setQuery] = useState('');
  const open = (section: string, label?: string): void => {
    setQuery('');
    onOpen(section, label);
  };
  return (
    <nav aria-label="Settings">
      <TextInput
        type="search"
        aria-label="Find a setting"
        placeholder="Find a setting"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && setQuery('')}
      />
      {query.trim() ? (
        <Found found={findSettings(query, sections)} onOpen={open} />
      ) : (
        <Groups sections={sections} current={current} onOpen={open} />
      )}
    </nav>
  );
}

function Found({ found, onOpen }: { found: ReturnType<typeof findSettings>; onOpen: Props['onOpen'] }) {
  return (
    <>
      <p className="fine" role="status">
        {found.length === 0 ? 'No setting has these words.' : `${found.length} found`}
      </p>
      <ul className="settings-found">
        {found.map(({ section, title, label }) => (
          <li key={`${section} ${label ?? ''}`}>
            <button type="button" onClick={() => onOpen(section, label)}>
              {label ?? title}
              <span className="fine">{label ? title : placeOf(section).says}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Groups({ sections, current, onOpen }: Props) {
  const menu = useChosenInSight<HTMLDivElement>(current);
  return (
    <div className="settings-groups" ref={menu}>
      {settingsGroups.map((group) => {
        const own = sections.filter(({ name }) => placeOf(name).group === group);
        if (own.length === 0) return null;
        return (
          <div key={group} role="group" aria-label={group}>
            <span className="settings-group" aria-hidden>
              {group}
            </span>
            <ul>
              {own.map(({ name, title }) => (
                <li key={name}>
                  <button
                    type="button"
                    {...(name === current ? { 'aria-current': 'page' as const } : {})}
                    onClick={() => onOpen(name)}
                  >
                    {title}
                  </button>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </div>
  );
}
