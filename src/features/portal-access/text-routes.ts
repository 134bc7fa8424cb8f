import { type Actor, onBehalfOf } from '#db/db.ts';
import { type Ask, goTo, portalRoute, textOf } from '#features/portal-access/page-routes.ts';
import { checkMember, type Payer, payerOf } from '#features/portal-access/payer-routes.ts';
import { readTextConsent } from '#features/text-consents/queries.ts';
import { sayConsent } from '#features/text-consents/say-consent.ts';
import type { App } from '#http/app.ts';
import type { TextChoice } from '#web/portal/views/text-choice.ts';

const action = '/portal/profile/texts';

/** Text messages, said yes or no to by the customer itself. */
export function textChoiceRoutes(app: App): void {
  portalRoute(app, { method: 'POST', url: action }, async (ask: Ask) => {
    const payer = await payerOf(ask);
    checkMember(ask, payer);
    const given = textOf(ask.request, 'texts', 10) === 'yes';
    const said = { ...aboutOf(payer), given, source: 'portal', saidBy: personOf(payer.actor) } as const;
    await app.db.transaction(onBehalfOf(payer.actor), (tx) => sayConsent(tx, payer.actor, said, payer.now));
    return goTo(ask.reply, `/portal/profile?note=${given ? 'texts_given' : 'texts_withdrawn'}`);
  });
}

const aboutOf = (payer: Payer) => ({ organizationId: payer.seller.id, customerId: payer.customer.id });
const personOf = (actor: Actor): string => (actor.kind === 'portal_user' ? actor.portalUserId : actor.kind);

/** Where the customer stands, for the profile page; undefined without a telephone number to text to. */
export async function textChoiceOf(ask: Ask, payer: Payer): Promise<TextChoice | undefined> {
  const { organizationId, customerId } = aboutOf(payer);
  const consent = await ask.app.db.transaction(onBehalfOf(payer.actor), (tx) =>
    readTextConsent(tx, organizationId, customerId),
  );
  return consent.phone === null
    ? undefined
    : { phone: consent.phone_shown, state: consent.state, words: consent.words, action };
}
