import { Button, Modal } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { Problem } from '#ui/problem.tsx';
import { useFocusBack } from '#ui/use-focus-back.ts';

type Props = {
  title: string;
  opened: boolean;
  onClose: () => void;
  /** Without it the dialog only tells. */
  onSubmit?: () => void | Promise<void>;
  submit?: ReactNode;
  danger?: boolean;
  busy?: boolean;
  disabled?: boolean;
  error?: Error | null;
  size?: 'md' | 'lg' | 'xl';
  children: ReactNode;
};

/** One question at a time; Enter submits, Escape leaves. A click beside it does not lose what was typed. */
export function FormDialog(props: Props) {
  const {
    title,
    opened,
    onClose,
    onSubmit,
    submit,
    danger,
    busy,
    disabled,
    error,
    size = 'md',
    children,
  } = props;
  useFocusBack(opened);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    void onSubmit?.();
  };
  return (
    <Modal
      title={title}
      opened={opened}
      onClose={onClose}
      size={size}
      closeOnClickOutside={!onSubmit}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={send} className="stack" noValidate>
        {children}
        <Problem error={error} />
        <div className="dialog-actions">
          <Button variant="default" onClick={onClose}>
            {onSubmit ? 'Cancel' : 'Close'}
          </Button>
          {onSubmit && (
            <Button
              type="submit"
              color={danger ? 'brick' : 'petrol'}
              loading={busy ?? false}
              disabled={disabled ?? false}
            >
              {submit}
            </Button>
          )}
        </div>
      </form>
    </Modal>
  );
}
