import { useEffect, useRef } from 'react';

const storageKey = 'owed.single_key_shortcuts';
/** WCAG 2.1.4: single-key shortcuts can be switched off, for whoever dictates or presses keys by accident. */
export const singleKeysOn = (): boolean => localStorage.getItem(storageKey) !== 'off';
export const setSingleKeys = (on: boolean): void => localStorage.setItem(storageKey, on ? 'on' : 'off');

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
  !(target instanceof HTMLInputElement && (target.type === 'checkbox' || target.type === 'radio'));

const dialogIsOpen = (): boolean => document.querySelector('[role="dialog"]') !== null;

/**
 * Keys for the page that is open: `'n'`, `'?'`, or two in a row as `'g i'`. `mod+k` also works while typing.
 * A handler that answers false lets the browser have the key. `goesFirst`: before the keys that work on
 * every page.
 */
export function useShortcuts(
  keys: Record<string, (event: KeyboardEvent) => unknown>,
  goesFirst = false,
): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    let first: { key: string; at: number } | null = null;
    const onKey = (event: KeyboardEvent): void => {
      const pressed = stroke(event);
      if (!pressed || event.defaultPrevented) return;
      if (!pressed.startsWith('mod+') && (isTyping(event.target) || dialogIsOpen() || !singleKeysOn()))
        return;
      const pair = first && event.timeStamp - first.at < 1200 ? `${first.key} ${pressed}` : '';
      const run = (pair && latest.current[pair]) || latest.current[pressed];
      first = { key: pressed, at: event.timeStamp };
      if (!run || run(event) === false) return;
      first = null;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey, { capture: goesFirst });
    return () => window.removeEventListener('keydown', onKey, { capture: goesFirst });
  }, [goesFirst]);
}

function stroke(event: KeyboardEvent): string | undefined {
  if (event.altKey || event.isComposing) return undefined;
  if (event.metaKey || event.ctrlKey) return event.key.toLowerCase() === 'k' ? 'mod+k' : undefined;
  return event.key.length === 1 ? event.key : event.key.toLowerCase();
}
