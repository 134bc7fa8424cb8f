import type { AnyRoute } from '@tanstack/react-router';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { searchOf, text } from '#web/staff/search.ts';

/** The pages before the sign-in. */
export function doorRoutes<Root extends AnyRoute>(root: Root) {
  const door = { getParentRoute: () => root };
  const firstStart = createRoute({
    ...door,
    path: '/first-start',
    validateSearch: searchOf({ token: text }),
    component: lazyRouteComponent(() => import('#web/staff/pages/doors.tsx'), 'FirstStart'),
  });
  const signIn = createRoute({
    ...door,
    path: '/sign-in',
    validateSearch: searchOf({ next: text, refused: text }),
    component: lazyRouteComponent(() => import('#web/staff/pages/doors.tsx'), 'SignIn'),
  });
  const stopMails = createRoute({
    ...door,
    path: '/stop-mails',
    validateSearch: searchOf({ token: text, kind: text }),
    component: lazyRouteComponent(() => import('#web/staff/pages/doors.tsx'), 'StopMails'),
  });
  const invitation = createRoute({
    ...door,
    path: '/invitation',
    validateSearch: searchOf({ token: text }),
    component: lazyRouteComponent(() => import('#web/staff/pages/doors.tsx'), 'Invitation'),
  });
  const forgotPassword = createRoute({
    ...door,
    path: '/forgot-password',
    component: lazyRouteComponent(() => import('#web/staff/pages/doors.tsx'), 'ForgotPassword'),
  });
  const newPassword = createRoute({
    ...door,
    path: '/new-password',
    validateSearch: searchOf({ token: text }),
    component: lazyRouteComponent(() => import('#web/staff/pages/doors.tsx'), 'NewPassword'),
  });
  const confirmEmail = createRoute({
    ...door,
    path: '/confirm-email',
    validateSearch: searchOf({ token: text }),
    component: lazyRouteComponent(() => import('#web/staff/pages/doors.tsx'), 'ConfirmEmail'),
  });
  const undoEmail = createRoute({
    ...door,
    path: '/undo-email',
    validateSearch: searchOf({ token: text }),
    component: lazyRouteComponent(() => import('#web/staff/pages/doors.tsx'), 'UndoEmail'),
  });
  const mails = [stopMails, invitation, forgotPassword, newPassword, confirmEmail, undoEmail] as const;
  return [firstStart, signIn, ...mails] as const;
}
