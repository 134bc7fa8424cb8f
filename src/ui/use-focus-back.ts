import { useEffect, useRef } from 'react';

/** Who has the focus; of a menu that is about to close, the button that opened it. */
function opener(): HTMLElement | null {
  const { activeElement } = document;
  const menu = activeElement?.closest('[role="menu"]');
  const one = menu ? document.querySelector(`[aria-controls="${menu.id}"]`) : activeElement;
  return one instanceof HTMLElement ? one : null;
}

/**
 * When a dialog closes, or goes altogether, the focus returns to what opened it, or to the page where that is
 * gone too. Mantine does so for one that stays mounted and was not opened from a menu.
 */
export function useFocusBack(opened: boolean): void {
  const was = useRef(false);
  const from = useRef<HTMLElement | null>(null);
  // Read while drawing: when effects run, the dialog may have the focus already.
  if (opened && !was.current) from.current = opener();
  was.current = opened;
  useEffect(() => {
    if (!opened) return undefined;
    return () => {
      // After Mantine's own try, which may be at a menu that is gone.
      setTimeout(() => {
        const isLost =
          document.activeElement === document.body || document.activeElement?.closest('[role="dialog"]');
        const back = from.current?.isConnected ? from.current : document.getElementById('content');
        if (isLost) back?.focus({ preventScroll: true });
      }, 0);
    };
  }, [opened]);
}
