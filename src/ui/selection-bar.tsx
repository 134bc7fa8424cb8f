import { Button } from '@mantine/core';
import type { ReactNode } from 'react';

/** What can be done with the chosen rows. */
export function SelectionBar({
  count,
  noun,
  words,
  onClear,
  children,
}: {
  count: number;
  noun: string;
  /** Instead of their number. */
  words?: string | undefined;
  onClear: () => void;
  children: ReactNode;
}) {
  if (count === 0) return null;
  return (
    <div className="selection-bar" role="region" aria-label="Selection">
      <span className="num">{words ?? `${count} ${noun}${count === 1 ? '' : 's'} selected`}</span>
      <Button size="xs" variant="subtle" onClick={onClear}>
        Clear
      </Button>
      {children}
    </div>
  );
}
