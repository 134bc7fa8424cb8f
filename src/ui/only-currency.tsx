import { Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';

type Props = { currency: string | undefined; onClear: () => void };

/** A list that a figure of one currency has opened says so, and can be opened to all of them. */
export function OnlyCurrency({ currency, onClear }: Props) {
  if (!currency) return null;
  return (
    <Button
      variant="default"
      rightSection={<IconX size={14} aria-hidden />}
      aria-label={`Only ${currency}. Show every currency`}
      onClick={onClear}
    >
      Only {currency}
    </Button>
  );
}
