import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { searchOf, text } from '#web/staff/search.ts';

/** One's own pages, inside the shell. */
export function profileRoutes(shell: AnyRoute) {
  const inside = { getParentRoute: () => shell };
  const profile = createRoute({
    ...inside,
    path: '/profile',
    validateSearch: searchOf({ refused: text, connected: text }),
    component: lazyRouteComponent(() => import('#web/staff/pages/profile.tsx'), 'Profile'),
  });
  return [profile];
}
