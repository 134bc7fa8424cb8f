import { Modal, Switch } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { setSingleKeys, singleKeysOn, useShortcuts } from '#ui/shortcuts.ts';

const sheetEvent = 'owed:shortcuts';
export const openShortcutSheet = (): void => void window.dispatchEvent(new Event(sheetEvent));

const groups = [
  {
    title: 'Anywhere',
    keys: [
      ['Ctrl K', 'Search and commands'],
      ['/', 'Search this list, or everything'],
      ['n', 'New invoice'],
      ['e', 'Edit what is open'],
      ['?', 'This sheet'],
    ],
  },
  {
    title: 'Go to',
    keys: [
      ['g h', 'Overview'],
      ['g c', 'Customers'],
      ['g l', 'Collections'],
      ['g i', 'Invoices'],
      ['g p', 'Payments'],
      ['g d', 'Deposits'],
      ['g m', 'Messages'],
      ['g o', 'Another organization'],
    ],
  },
  {
    title: 'In a list',
    keys: [
      ['j', 'Next row'],
      ['k', 'Row before'],
      ['Enter', 'Open the row'],
      ['x', 'Select the row'],
      ['e', 'Edit the row'],
    ],
  },
  {
    title: 'Collections',
    keys: [
      ['n', 'Call note'],
      ['p', 'Promise to pay'],
      ['t', 'Task'],
    ],
  },
] as const;

/** The keys that work on every page, and the sheet that lists them. */
export function GoKeys({ onFind }: { onFind: () => void }) {
  const navigate = useNavigate();
  const [opened, setOpened] = useState(false);
  const go = (to: string) => () => void navigate({ to });
  useEffect(() => {
    const open = (): void => setOpened(true);
    window.addEventListener(sheetEvent, open);
    return () => window.removeEventListener(sheetEvent, open);
  }, []);
  useShortcuts({
    'mod+k': onFind,
    '/': () => {
      const field = document.querySelector<HTMLInputElement>('input[data-list-search]');
      if (field) field.focus();
      else onFind();
    },
    'g h': go('/'),
    'g c': go('/customers'),
    'g l': go('/collections'),
    'g i': go('/invoices'),
    'g p': go('/payments'),
    'g d': go('/deposits'),
    'g m': go('/messages'),
    'g o': () => document.querySelector<HTMLElement>('.rail.fixed button.switcher')?.click(),
    n: go('/invoices/new'),
    e: () => {
      const edit = document.querySelector<HTMLElement>('#content [data-edit]');
      if (!edit) return false;
      edit.click();
      return true;
    },
    '?': () => setOpened(true),
  });
  return <ShortcutSheet opened={opened} onClose={() => setOpened(false)} />;
}

function ShortcutSheet({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [on, setOn] = useState(singleKeysOn);
  const change = (next: boolean): void => {
    setSingleKeys(next);
    setOn(next);
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Keyboard shortcuts"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className="shortcut-groups">
        {groups.map(({ title, keys }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([key, does]) => (
                <div key={key}>
                  <dt>
                    {key.split(' ').map((part) => (
                      <kbd key={part}>{part}</kbd>
                    ))}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <Switch
        mt="lg"
        label="Single-key shortcuts"
        description="Switch them off if you dictate, or press keys by accident."
        checked={on}
        onChange={(event) => change(event.currentTarget.checked)}
      />
    </Modal>
  );
}
