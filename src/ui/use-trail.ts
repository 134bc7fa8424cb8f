import { useNavigate, useRouterState } from '@tanstack/react-router';

declare module '@tanstack/react-router' {
  interface HistoryState {
    trail?: string[];
  }
}

export type Trail = {
  /** The cursor of the page on screen; absent on the first. */
  after: string | undefined;
  page: number;
  next: (lastId: string) => void;
  prev: (() => void) | undefined;
};

/**
 * The cursors behind us, kept in the history entry: Next is a step that the browser's Back undoes, and coming
 * back from a document finds the same page. A changed filter begins a new trail by itself.
 */
export function useTrail(): Trail {
  const navigate = useNavigate();
  const trail = useRouterState({ select: (state) => state.location.state.trail }) ?? [];
  const go = (cursors: string[]): void => {
    void navigate({ to: '.', search: true, state: (before) => ({ ...before, trail: cursors }) });
  };
  return {
    after: trail.at(-1),
    page: trail.length + 1,
    next: (lastId) => go([...trail, lastId]),
    prev: trail.length > 0 ? () => go(trail.slice(0, -1)) : undefined,
  };
}
