import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router';
import { worklistKinds } from '#features/collections/rules.ts';
import { creditMemoRoutes } from '#web/staff/credit-memo-routes.ts';
import { doorRoutes } from '#web/staff/door-routes.ts';
import { estimateRoutes } from '#web/staff/estimate-routes.ts';
import { helpRoutes } from '#web/staff/help-routes.ts';
import {
  chargebacksSearch,
  customersSearch,
  depositsSearch,
  invoicesSearch,
  messagesSearch,
  reportsSearch,
  schedulesSearch,
} from '#web/staff/lists-search.ts';
import { Broken, Nowhere } from '#web/staff/nowhere.tsx';
import { paymentsSearch } from '#web/staff/payments-search.ts';
import { profileRoutes } from '#web/staff/profile-routes.ts';
import { anySearch, date, oneOf, searchOf, text } from '#web/staff/search.ts';
import { settingsSections } from '#web/staff/settings-sections.ts';
import { Shell } from '#web/staff/shell.tsx';

const root = createRootRoute({ component: Outlet, notFoundComponent: Nowhere, errorComponent: Broken });
const door = { getParentRoute: () => root };

const doors = doorRoutes(root);

const shell = createRoute({ ...door, id: 'shell', component: Shell });
const inside = { getParentRoute: () => shell };

const home = createRoute({
  ...inside,
  path: '/',
  validateSearch: searchOf({ from: date, to: date, currency: text }),
  component: lazyRouteComponent(() => import('#web/staff/pages/home.tsx'), 'Home'),
});

const customers = createRoute({
  ...inside,
  path: '/customers',
  validateSearch: customersSearch,
  component: lazyRouteComponent(() => import('#web/staff/pages/customers.tsx'), 'Customers'),
});
const customer = createRoute({
  ...inside,
  path: '/customers/$id',
  validateSearch: searchOf({
    edit: text,
    tab: oneOf([
      'payments',
      'schedules',
      'links',
      'plans',
      'credit',
      'estimates',
      'methods',
      'autopay',
      'portal',
      'messages',
      'collections',
      'timeline',
    ]),
  }),
  component: lazyRouteComponent(() => import('#web/staff/pages/customers.tsx'), 'Customer'),
});

const collections = createRoute({
  ...inside,
  path: '/collections',
  validateSearch: searchOf({ kind: oneOf(worklistKinds), assignee: text, min_amount: text }),
  component: lazyRouteComponent(() => import('#web/staff/pages/collections.tsx'), 'Collections'),
});

const invoices = createRoute({
  ...inside,
  path: '/invoices',
  validateSearch: invoicesSearch,
  component: lazyRouteComponent(() => import('#web/staff/pages/invoices.tsx'), 'Invoices'),
});
const newInvoice = createRoute({
  ...inside,
  path: '/invoices/new',
  validateSearch: searchOf({ customer_id: text, copy: text }),
  component: lazyRouteComponent(() => import('#web/staff/pages/invoices.tsx'), 'NewInvoice'),
});
const editPage = lazyRouteComponent(() => import('#web/staff/pages/invoices.tsx'), 'EditInvoice');
const editInvoice = createRoute({ ...inside, path: '/invoices/$id/edit', component: editPage });
const invoice = createRoute({
  ...inside,
  path: '/invoices/$id',
  validateSearch: searchOf({ tab: oneOf(['pdf', 'messages']) }),
  component: lazyRouteComponent(() => import('#web/staff/pages/invoice.tsx'), 'Invoice'),
});

const onePaymentPlan = createRoute({
  ...inside,
  path: '/payment-plans/$id',
  component: lazyRouteComponent(() => import('#web/staff/pages/payment-plans.tsx'), 'OnePaymentPlan'),
});

const lateFees = createRoute({
  ...inside,
  path: '/late-fees',
  validateSearch: searchOf({ state: oneOf(['all', 'posted', 'waived', 'removed']) }),
  component: lazyRouteComponent(() => import('#web/staff/pages/late-fees.tsx'), 'LateFees'),
});

const payments = createRoute({
  ...inside,
  path: '/payments',
  validateSearch: paymentsSearch,
  component: lazyRouteComponent(() => import('#web/staff/pages/payments.tsx'), 'Payments'),
});
const payment = createRoute({
  ...inside,
  path: '/payments/$id',
  component: lazyRouteComponent(() => import('#web/staff/pages/payments.tsx'), 'Payment'),
});

const terminal = createRoute({
  ...inside,
  path: '/terminal',
  validateSearch: searchOf({ customer_id: text }),
  component: lazyRouteComponent(() => import('#web/staff/pages/payments.tsx'), 'Terminal'),
});

const schedules = createRoute({
  ...inside,
  path: '/schedules',
  validateSearch: schedulesSearch,
  component: lazyRouteComponent(() => import('#web/staff/pages/schedules.tsx'), 'Schedules'),
});
const schedule = createRoute({
  ...inside,
  path: '/schedules/$id',
  component: lazyRouteComponent(() => import('#web/staff/pages/schedules.tsx'), 'Schedule'),
});

const deposits = createRoute({
  ...inside,
  path: '/deposits',
  validateSearch: depositsSearch,
  component: lazyRouteComponent(() => import('#web/staff/pages/deposits.tsx'), 'Deposits'),
});
const oneDeposit = createRoute({
  ...inside,
  path: '/deposits/$id',
  component: lazyRouteComponent(() => import('#web/staff/pages/deposits.tsx'), 'OneDeposit'),
});
const chargebacks = createRoute({
  ...inside,
  path: '/chargebacks',
  validateSearch: chargebacksSearch,
  component: lazyRouteComponent(() => import('#web/staff/pages/deposits.tsx'), 'Chargebacks'),
});

const messages = createRoute({
  ...inside,
  path: '/messages',
  validateSearch: messagesSearch,
  component: lazyRouteComponent(() => import('#web/staff/pages/messages.tsx'), 'Messages'),
});

const letters = createRoute({
  ...inside,
  path: '/letters',
  component: lazyRouteComponent(() => import('#web/staff/pages/letters.tsx'), 'Letters'),
});

const reports = createRoute({
  ...inside,
  path: '/reports',
  validateSearch: reportsSearch,
  component: lazyRouteComponent(() => import('#web/staff/pages/reports.tsx'), 'Reports'),
});

const oneReport = createRoute({
  ...inside,
  path: '/reports/$key',
  validateSearch: anySearch,
  component: lazyRouteComponent(() => import('#web/staff/pages/reports.tsx'), 'OneReport'),
});

const imports = createRoute({
  ...inside,
  path: '/imports',
  component: lazyRouteComponent(() => import('#web/staff/pages/imports.tsx'), 'Imports'),
});
const newImport = createRoute({
  ...inside,
  path: '/imports/new',
  validateSearch: searchOf({ kind: oneOf(['customers', 'items', 'invoices']) }),
  component: lazyRouteComponent(() => import('#web/staff/pages/imports.tsx'), 'NewImport'),
});
const oneImport = createRoute({
  ...inside,
  path: '/imports/$id',
  component: lazyRouteComponent(() => import('#web/staff/pages/imports.tsx'), 'Import'),
});
const settings = createRoute({
  ...inside,
  path: '/settings',
  validateSearch: searchOf({ section: oneOf(settingsSections) }),
  component: lazyRouteComponent(() => import('#web/staff/pages/settings.tsx'), 'Settings'),
});
const notices = createRoute({
  ...inside,
  path: '/notices',
  validateSearch: searchOf({ view: oneOf(['all']) }),
  component: lazyRouteComponent(() => import('#web/staff/pages/notices.tsx'), 'Notices'),
});

const nowhere = createRoute({ ...inside, path: '$', component: Nowhere });

const tree = root.addChildren([
  ...doors,
  shell.addChildren([
    home,
    customers,
    customer,
    collections,
    invoices,
    newInvoice,
    editInvoice,
    invoice,
    ...estimateRoutes(shell),
    ...creditMemoRoutes(shell),
    onePaymentPlan,
    lateFees,
    payments,
    payment,
    terminal,
    schedules,
    schedule,
    deposits,
    oneDeposit,
    chargebacks,
    messages,
    letters,
    reports,
    oneReport,
    imports,
    newImport,
    oneImport,
    settings,
    notices,
    ...[...helpRoutes(shell), ...profileRoutes(shell)],
    nowhere,
  ]),
]);

/** Every page of the console. Each loads its own code when it is first opened. */
export const makeRouter = () =>
  createRouter({ routeTree: tree, basepath: '/console', defaultPreload: 'intent', scrollRestoration: true });
