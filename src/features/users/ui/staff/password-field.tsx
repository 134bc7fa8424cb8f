import { PasswordInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { strengthOf } from '#features/users/ui/staff/password-strength.ts';

type Props = {
  value: string;
  onChange: (text: string) => void;
  personal: readonly string[];
  error?: ReactNode;
  label?: string;
};

export function PasswordField({ value, onChange, personal, error, label = 'Password' }: Props) {
  const { score, word, advice } = strengthOf(value, personal);
  return (
    <div>
      <PasswordInput
        label={label}
        required
        autoComplete="new-password"
        value={value}
        error={error}
        aria-describedby="password-strength"
        visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <div className="strength" data-score={score} aria-hidden>
        {[1, 2, 3, 4].map((step) => (
          <span key={step} data-on={score >= step} />
        ))}
      </div>
      <p className="fine" id="password-strength" role="status">
        {[word, advice].filter(Boolean).join('. ')}
      </p>
    </div>
  );
}
