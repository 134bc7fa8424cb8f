import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { categories, priorities } from '#features/support/rules.ts';
import { oneOf, searchOf, text } from '#web/staff/search.ts';

const filters = searchOf({
  status: oneOf(['all', 'waiting', 'solved', 'closed']),
  category: oneOf(categories),
  priority: oneOf(priorities),
  assignee_id: text,
  q: text,
});

/** Questions of customers, and support requests: inside the shell. */
export function supportRoutes(shell: AnyRoute) {
  const inside = { getParentRoute: () => shell };
  const page = (
    name: 'Tickets' | 'OneTicket' | 'Requests' | 'AskSupport' | 'OneRequest' | 'HostDesk' | 'OneHostTicket',
  ) => lazyRouteComponent(() => import('#web/staff/pages/support.tsx'), name);
  return [
    createRoute({ ...inside, path: '/tickets', validateSearch: filters, component: page('Tickets') }),
    createRoute({ ...inside, path: '/tickets/$id', component: page('OneTicket') }),
    createRoute({ ...inside, path: '/help/requests', component: page('Requests') }),
    createRoute({ ...inside, path: '/help/requests/new', component: page('AskSupport') }),
    createRoute({ ...inside, path: '/help/requests/$id', component: page('OneRequest') }),
    createRoute({ ...inside, path: '/help/desk', validateSearch: filters, component: page('HostDesk') }),
    createRoute({ ...inside, path: '/help/desk/$id', component: page('OneHostTicket') }),
  ];
}
