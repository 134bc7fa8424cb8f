import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';

/** Changes parts of the page's search; a part set to undefined goes. Filters belong in the address. */
export function useSearchChange(): (change: Record<string, string | undefined>, replace?: boolean) => void {
  const navigate = useNavigate();
  return useCallback(
    (change, replace = false) => {
      void navigate({
        to: '.',
        search: (before: Record<string, unknown>) => {
          const next = Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined);
          return Object.fromEntries(next);
        },
        replace,
        resetScroll: false,
      });
    },
    [navigate],
  );
}
