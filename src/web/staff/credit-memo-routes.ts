import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { oneOf, searchOf, text } from '#web/staff/search.ts';

/** The pages of credit memos, inside the shell. */
export function creditMemoRoutes(shell: AnyRoute) {
  const inside = { getParentRoute: () => shell };
  const creditMemos = createRoute({
    ...inside,
    path: '/credit-memos',
    validateSearch: searchOf({ status: oneOf(['draft', 'open', 'used', 'void']) }),
    component: lazyRouteComponent(() => import('#web/staff/pages/credit-memos.tsx'), 'CreditMemos'),
  });
  const newCreditMemo = createRoute({
    ...inside,
    path: '/credit-memos/new',
    validateSearch: searchOf({ customer_id: text, invoice_id: text }),
    component: lazyRouteComponent(() => import('#web/staff/pages/credit-memos.tsx'), 'NewCreditMemo'),
  });
  const oneCreditMemo = createRoute({
    ...inside,
    path: '/credit-memos/$id',
    component: lazyRouteComponent(() => import('#web/staff/pages/credit-memos.tsx'), 'OneCreditMemo'),
  });
  const editCreditMemo = createRoute({
    ...inside,
    path: '/credit-memos/$id/edit',
    component: lazyRouteComponent(() => import('#web/staff/pages/credit-memos.tsx'), 'EditCreditMemo'),
  });
  return [creditMemos, newCreditMemo, oneCreditMemo, editCreditMemo];
}
