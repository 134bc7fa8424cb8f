import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { oneOf, searchOf, text } from '#web/staff/search.ts';

/** The pages of estimates, inside the shell. */
export function estimateRoutes(shell: AnyRoute) {
  const inside = { getParentRoute: () => shell };
  const estimates = createRoute({
    ...inside,
    path: '/estimates',
    validateSearch: searchOf({
      status: oneOf(['draft', 'open', 'accepted', 'declined', 'expired', 'invoiced']),
    }),
    component: lazyRouteComponent(() => import('#web/staff/pages/estimates.tsx'), 'Estimates'),
  });
  const newEstimate = createRoute({
    ...inside,
    path: '/estimates/new',
    validateSearch: searchOf({ customer_id: text }),
    component: lazyRouteComponent(() => import('#web/staff/pages/estimates.tsx'), 'NewEstimate'),
  });
  const estimate = createRoute({
    ...inside,
    path: '/estimates/$id',
    component: lazyRouteComponent(() => import('#web/staff/pages/estimates.tsx'), 'Estimate'),
  });
  const editEstimate = createRoute({
    ...inside,
    path: '/estimates/$id/edit',
    component: lazyRouteComponent(() => import('#web/staff/pages/estimates.tsx'), 'EditEstimate'),
  });
  return [estimates, newEstimate, estimate, editEstimate];
}
