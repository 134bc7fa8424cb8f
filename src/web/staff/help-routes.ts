import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { searchOf, text } from '#web/staff/search.ts';
import { supportRoutes } from '#web/staff/support-routes.ts';

/** The guide's pages, inside the shell. */
export function helpRoutes(shell: AnyRoute) {
  const inside = { getParentRoute: () => shell };
  const help = createRoute({
    ...inside,
    path: '/help',
    validateSearch: searchOf({ q: text }),
    component: lazyRouteComponent(() => import('#web/staff/pages/help.tsx'), 'Help'),
  });
  const helpFeedback = createRoute({
    ...inside,
    path: '/help/feedback',
    component: lazyRouteComponent(() => import('#web/staff/pages/help.tsx'), 'HelpFeedback'),
  });
  const helpArticle = createRoute({
    ...inside,
    path: '/help/$slug',
    component: lazyRouteComponent(() => import('#web/staff/pages/help.tsx'), 'HelpArticle'),
  });
  return [help, helpFeedback, helpArticle, ...supportRoutes(shell)];
}
