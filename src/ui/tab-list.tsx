import { Tabs } from '@mantine/core';
import type { RefObject } from 'react';
import { useEffect, useRef } from 'react';

/** In a row that scrolls sideways on a phone, what is chosen is moved into sight. */
export function useChosenInSight<T extends HTMLElement>(chosen: string): RefObject<T | null> {
  const row = useRef<T>(null);
  useEffect(() => {
    const list = row.current;
    if (!list) return undefined;
    const observer = new ResizeObserver(() => {
      const one = list.querySelector('[aria-selected="true"], [aria-current]');
      if (!one) return;
      const [around, own] = [list.getBoundingClientRect(), one.getBoundingClientRect()];
      list.scrollLeft += own.left + own.width / 2 - around.left - around.width / 2;
    });
    // It is told of the first size too.
    observer.observe(list);
    return () => observer.disconnect();
  }, [chosen]);
  return row;
}

type Props<Name extends string> = {
  label: string;
  chosen: Name;
  names: readonly Name[];
  titles: Record<Name, string>;
};

export function TabList<Name extends string>({ label, chosen, names, titles }: Props<Name>) {
  const row = useChosenInSight<HTMLDivElement>(chosen);
  return (
    <Tabs.List aria-label={label} ref={row}>
      {names.map((name) => (
        <Tabs.Tab key={name} value={name}>
          {titles[name]}
        </Tabs.Tab>
      ))}
    </Tabs.List>
  );
}
