import type { ButtonProps } from '@mantine/core';
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

type Props = ButtonProps & {
  to: string;
  search?: Record<string, string | undefined>;
  children: ReactNode;
  /** It leads to where this record is edited: the key `e` presses it. */
  'data-edit'?: boolean;
};

/** A link to a page of the console that looks like a button. */
export function ButtonLink({ to, search, children, ...rest }: Props) {
  return (
    <Button {...rest} renderRoot={(props) => <Link {...props} to={to} {...(search ? { search } : {})} />}>
      {children}
    </Button>
  );
}
