import { Menu } from '@mantine/core';
import { IconHelp, IconKeyboard, IconLogout, IconUser } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { z } from 'zod';
import type { zMe } from '#features/users/api.ts';
import { openShortcutSheet } from '#web/staff/go-keys.tsx';
import { useSignOut } from '#web/staff/use-sign-out.ts';

export function UserMenu({ me }: { me: z.output<typeof zMe> }) {
  const navigate = useNavigate();
  const leave = useSignOut();
  return (
    <Menu position="top-start" width={220}>
      <Menu.Target>
        <button type="button" className="who-button">
          <span className="hidden">Your menu</span>
          <span className="strong">{me.user.name}</span>
          <span className="fine">{me.user.email}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconUser size={16} stroke={1.6} aria-hidden />}
          onClick={() => void navigate({ to: '/profile' })}
        >
          Your profile
        </Menu.Item>
        <Menu.Item
          leftSection={<IconHelp size={16} stroke={1.6} aria-hidden />}
          onClick={() => void navigate({ to: '/help' })}
        >
          Help
        </Menu.Item>
        <Menu.Item
          leftSection={<IconKeyboard size={16} stroke={1.6} aria-hidden />}
          onClick={openShortcutSheet}
        >
          Keyboard shortcuts
        </Menu.Item>
        <Menu.Item
          leftSection={<IconLogout size={16} stroke={1.6} aria-hidden />}
          onClick={() => void leave()}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
