import type { KeyboardEvent } from 'react';
import { useState } from 'react';

/**
 * A list that keeps still under the arrow keys: the key counts places, so an answer that comes between the
 * arrow and Enter would put another row where the chosen one stood. It waits until the letters change.
 */
export function useSteady<Row>(rows: Row[], letters: string) {
  const [held, setHeld] = useState<{ letters: string; rows: Row[] }>();
  const isHeld = held?.letters === letters;
  const shown = isHeld ? held.rows : rows;
  const onKeyDown = ({ key }: KeyboardEvent): void => {
    const isArrow = key === 'ArrowDown' || key === 'ArrowUp';
    if (isArrow && !isHeld && rows.length > 0) setHeld({ letters, rows });
    if (key === 'Escape') setHeld(undefined);
  };
  return { shown, onKeyDown };
}

/** What is left of an older answer while the one to these letters is under way. */
export const fitting = (words: string, letters: string): boolean =>
  words.toLowerCase().includes(letters.trim().toLowerCase());
