import type { RefObject } from 'react';
import { useEffect } from 'react';

export type FoundField = { label: string; at: number } | undefined;

/** Brings a setting that was searched for into sight and marks it; it may load after its page. */
export function useFoundField(page: RefObject<HTMLElement | null>, found: FoundField): void {
  useEffect(() => {
    const root = page.current;
    if (!root || !found) return undefined;
    let marked: HTMLElement | undefined;
    const look = (): boolean => {
      const element = fieldOf(root, found.label);
      if (!element) return false;
      marked = element;
      element.classList.add('found-field');
      element.scrollIntoView({ block: 'center' });
      element.querySelector<HTMLElement>('input, textarea, select, button')?.focus({ preventScroll: true });
      return true;
    };
    const watch = new MutationObserver(() => look() && watch.disconnect());
    if (!look()) watch.observe(root, { childList: true, subtree: true });
    const end = setTimeout(() => {
      watch.disconnect();
      marked?.classList.remove('found-field');
    }, 6000);
    return () => {
      clearTimeout(end);
      watch.disconnect();
      marked?.classList.remove('found-field');
    };
  }, [page, found]);
}

/** The box around a label; a heading stands for its sheet. */
function fieldOf(root: HTMLElement, label: string): HTMLElement | undefined {
  for (const element of root.querySelectorAll<HTMLElement>('label, legend, h2, h3, .field-label')) {
    const words = [...element.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE)
      .map((node) => node.textContent)
      .join('')
      .trim();
    if (words !== label) continue;
    const box = element.closest<HTMLElement>(
      element.matches('h2, h3')
        ? 'section'
        : '[role="group"], .mantine-InputWrapper-root, .mantine-Switch-root, .mantine-Radio-root',
    );
    return box ?? element;
  }
  return undefined;
}
