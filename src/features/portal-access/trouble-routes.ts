import type { FastifyReply } from 'fastify';
import { systemActor } from '#db/db.ts';
import { checkDoor, type Door, doorShell, openDoor } from '#features/portal-access/door-routes.ts';
import { type Ask, momentWords, portalRoute, sendPage, textOf } from '#features/portal-access/page-routes.ts';
import { requestSignInHelp } from '#features/portal-access/send-sign-in-help.ts';
import type { App } from '#http/app.ts';
import { systemNow } from '#lib/dates.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { helpSentPage, troublePage } from '#web/portal/views/trouble-page.ts';

const url = '/portal/trouble';
const signInUrl = '/portal/sign-in';

/** For whoever cannot sign in: the causes, and a mail with what fits. It tells no address apart. */
export function troubleRoutes(app: App): void {
  portalRoute(app, { method: 'GET', url }, async (ask) => showTrouble(ask, await openDoor(ask)));
  portalRoute(app, { method: 'POST', url, perMinute: 20 }, async (ask) => {
    const door = await openDoor(ask);
    checkDoor(ask, door);
    const email = textOf(ask.request, 'email', 254);
    if (!/^[^\s@]+@[^\s@]+$/.test(email)) {
      const errors = { email: 'Enter your email address, such as name@example.com.' };
      return showTrouble(ask, door, { values: { email }, errors });
    }
    const now = systemNow();
    const next = await app.db.transaction(systemActor('portal sign-in help'), (tx) =>
      requestSignInHelp(tx, email, now),
    );
    const shell = doorShell(door);
    if (!next) return sendPage(ask.reply, helpSentPage(shell, { signInUrl }), shell);
    const when = momentWords(next, now, door);
    const message = `You have asked several times. You can ask again at ${when}.`;
    return showTrouble(ask, door, { values: { email }, message });
  });
}

function showTrouble(ask: Ask, door: Door, form?: FormState): FastifyReply {
  const shell = doorShell(door);
  const page = troublePage(shell, {
    action: url,
    signInUrl,
    forgotUrl: '/portal/forgot',
    ...(form ? { form } : {}),
  });
  return sendPage(ask.reply, page, { nonce: shell.nonce, status: form ? 422 : 200 });
}
