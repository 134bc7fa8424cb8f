import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';

/** One's own pages, inside the shell. */
export function profileRoutes(shell: AnyRoute) {
  const inside = { getParentRoute: () => shell };
  const profile = createRoute({
    ...inside,
    path: '/profile',
    component: lazyRouteComponent(() => import('#web/staff/pages/profile.tsx'), 'Profile'),
  });
  return [profile];
}
