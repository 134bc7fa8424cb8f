import { Modal, useMantineColorScheme } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import type { KeyboardEvent } from 'react';
import { useEffect, useState } from 'react';
import { search } from '#features/organizations/api.ts';
import { getSession } from '#features/users/api.ts';
import { useFrame } from '#ui/frame.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { useFocusBack } from '#ui/use-focus-back.ts';
import { fitting, useSteady } from '#ui/use-steady.ts';
import { openShortcutSheet } from '#web/staff/go-keys.tsx';
import { useSwitchOrganization } from '#web/staff/use-switch-organization.ts';

type Entry = { id: string; group: string; title: string; detail?: string; run: () => void };

const groupOf = { customer: 'Customers', invoice: 'Invoices', payment: 'Payments' } as const;
const pathOf = { customer: '/customers', invoice: '/invoices', payment: '/payments' } as const;

/** The other organizations of the same sign-in. */
function useElsewhere(): Entry[] {
  const { switchTo } = useSwitchOrganization();
  const { organization, organizations = [] } = useAsk(getSession).data ?? {};
  return organizations
    .filter(({ id }) => id !== organization?.id)
    .map(({ id, name }) => ({
      id,
      group: 'Go and do',
      title: `Work in ${name}`,
      run: () => void switchTo(id),
    }));
}

/** What can be done from anywhere, by name. */
function useCommands(): Entry[] {
  const navigate = useNavigate();
  const { can, mode } = useFrame();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const elsewhere = useElsewhere();
  const go = (title: string, to: string, query?: Record<string, string>): Entry => ({
    id: title,
    group: 'Go and do',
    title,
    run: () => void navigate({ to, ...(query ? { search: query } : {}) }),
  });
  return [
    ...(can('invoices:write') ? [go('New invoice', '/invoices/new')] : []),
    ...(can('customers:write') ? [go('Add a customer', '/customers', { add: 'yes' })] : []),
    ...(can('imports:write') ? [go('Import a file', '/imports/new')] : []),
    go('Overview', '/'),
    go('Customers', '/customers'),
    go('Invoices', '/invoices'),
    go('Invoices past due', '/invoices', { status: 'past_due' }),
    go('Drafts', '/invoices', { status: 'draft' }),
    go('Late fees', '/late-fees'),
    go('Payments', '/payments'),
    go('Deposits', '/deposits'),
    go('Deposits that need a look', '/deposits', { status: 'exceptions' }),
    go('Chargebacks', '/chargebacks'),
    go('Messages', '/messages'),
    go('Failed messages', '/messages', { state: 'failed' }),
    go('E-mail conflicts', '/reports', { tab: 'email-conflicts' }),
    go('Reports', '/reports'),
    go('Aging', '/reports/aging'),
    go('Bounced e-mails', '/reports', { tab: 'bounced' }),
    go('Held-back mail', '/reports', { tab: 'held-mail' }),
    go('Imports', '/imports'),
    go('Settings', '/settings'),
    go('Help', '/help'),
    go('Your profile', '/profile'),
    go('Branding', '/settings', { section: 'branding' }),
    go('Invoice messenger', '/settings', { section: 'messenger' }),
    go('Reminders and dunning policies', '/settings', { section: 'reminders' }),
    go('Payment gateways', '/settings', { section: 'gateways' }),
    ...(can('users:write') ? [go('Users and roles', '/settings', { section: 'users' })] : []),
    go('API keys', '/settings', { section: 'keys' }),
    go('Audit log', '/settings', { section: 'log' }),
    ...(mode === 'sandbox' ? [go('Move the practice clock', '/settings', { section: 'clock' })] : []),
    {
      id: 'scheme',
      group: 'Go and do',
      title: colorScheme === 'dark' ? 'Use light colours' : 'Use dark colours',
      run: () => setColorScheme(colorScheme === 'dark' ? 'light' : 'dark'),
    },
    { id: 'keys', group: 'Go and do', title: 'Keyboard shortcuts', run: openShortcutSheet },
    ...elsewhere,
  ];
}

function useEntries(letters: string): { entries: Entry[]; waiting: boolean } {
  const navigate = useNavigate();
  const [settled] = useDebouncedValue(letters.trim(), 140);
  const found = useAsk(search, { query: { q: settled } }, { enabled: settled !== '', keep: true });
  const wanted = letters.trim().toLowerCase();
  const commands = useCommands().filter(({ title }) => title.toLowerCase().includes(wanted));
  const waiting = found.isFetching || settled !== letters.trim();
  const documents =
    settled === ''
      ? []
      : (found.data?.data ?? [])
          .filter(({ title, detail }) => !waiting || fitting(`${title} ${detail}`, letters))
          .map(({ kind, id, title, detail }) => ({
            id,
            group: groupOf[kind],
            title,
            detail,
            run: () => void navigate({ to: `${pathOf[kind]}/${id}` }),
          }));
  return {
    entries: [...documents, ...commands.slice(0, wanted ? 6 : 12)],
    waiting,
  };
}

export function Palette({ onClose }: { onClose: () => void }) {
  const [letters, setLetters] = useState('');
  const [at, setAt] = useState(0);
  useFocusBack(true);
  const { entries: found, waiting } = useEntries(letters);
  const { shown: entries, onKeyDown: hold } = useSteady(found, letters);
  useEffect(() => setAt(0), [letters]);
  const choose = (entry: Entry | undefined): void => {
    if (!entry) return;
    onClose();
    entry.run();
  };
  const onKey = (event: KeyboardEvent): void => {
    hold(event);
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step) setAt((before) => (before + step + entries.length) % Math.max(1, entries.length));
    if (event.key === 'Enter') choose(entries[at]);
    if (step || event.key === 'Enter') event.preventDefault();
  };
  return (
    <Modal.Root
      opened
      onClose={onClose}
      size="lg"
      centered={false}
      yOffset="12vh"
      transitionProps={{ duration: 80 }}
    >
      <Modal.Overlay backgroundOpacity={0.35} />
      <Modal.Content className="palette" aria-label="Search and commands" radius="lg">
        <input
          data-autofocus
          role="combobox"
          aria-expanded
          aria-controls="palette-list"
          aria-label="Search customers, invoices, payments and commands"
          aria-activedescendant={entries[at] ? `palette-${at}` : undefined}
          aria-autocomplete="list"
          placeholder="Search, or type a command"
          value={letters}
          onKeyDown={onKey}
          onChange={(event) => setLetters(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
        />
        <ul id="palette-list" role="listbox" aria-label="Results">
          {entries.map((entry, index) => (
            <PaletteEntry
              key={entry.id}
              entry={entry}
              index={index}
              chosen={index === at}
              onPoint={() => setAt(index)}
              onChoose={() => choose(entry)}
              heading={entry.group !== entries[index - 1]?.group}
            />
          ))}
        </ul>
        {entries.length === 0 && (
          <p className="palette-none fine" role="status">
            {waiting ? 'Searching…' : `Nothing matches “${letters}”.`}
          </p>
        )}
      </Modal.Content>
    </Modal.Root>
  );
}

type EntryProps = {
  entry: Entry;
  index: number;
  chosen: boolean;
  heading: boolean;
  onPoint: () => void;
  onChoose: () => void;
};

function PaletteEntry({ entry, index, chosen, heading, onPoint, onChoose }: EntryProps) {
  return (
    <>
      {heading && (
        <li role="presentation" className="palette-group">
          {entry.group}
        </li>
      )}
      <li
        role="option"
        id={`palette-${index}`}
        aria-selected={chosen}
        onMouseMove={onPoint}
        onClick={onChoose}
        ref={(line) => {
          if (chosen) line?.scrollIntoView({ block: 'nearest' });
        }}
      >
        <span>{entry.title}</span>
        {entry.detail && <span className="fine">{entry.detail}</span>}
      </li>
    </>
  );
}
