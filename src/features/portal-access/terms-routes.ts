import type { FastifyReply } from 'fastify';
import { systemActor } from '#db/db.ts';
import { acceptedVersion, type TermsRow, versionsUntil } from '#features/payment-terms/queries.ts';
import { mustAccept } from '#features/payment-terms/rules.ts';
import { writeConsents } from '#features/payments/portal-write-consents.ts';
import {
  type Ask,
  goTo,
  portalRoute,
  queryOf,
  sendPage,
  textOf,
} from '#features/portal-access/page-routes.ts';
import { checkMember, type Payer, payerOf, payerShell } from '#features/portal-access/payer-routes.ts';
import { safeNext } from '#features/portal-access/rules.ts';
import type { Visit } from '#features/portal-access/visit.ts';
import { type App, originOf } from '#http/app.ts';
import { organizationNow } from '#lib/clock.ts';
import { dateIn } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { type TermsPage, termsPage } from '#web/portal/views/terms-page.ts';

type Reader = Pick<Visit, 'seller' | 'shell'>;

export function termsPageRoutes(app: App): void {
  portalRoute(app, { method: 'GET', url: '/portal/terms' }, showTerms);
  portalRoute(app, { method: 'POST', url: '/portal/terms' }, acceptTerms);
}

const versionsOf = (ask: Ask, seller: Visit['seller']): Promise<TermsRow[]> =>
  ask.app.db.transaction(systemActor('portal terms'), (tx) =>
    versionsUntil(tx, seller.id, dateIn(seller.timeZone, organizationNow(seller))),
  );

/** What a payer agrees to by paying, in the version in force or in an older one. */
export async function sendTerms(
  ask: Ask,
  reader: Reader,
  asking?: TermsPage['asking'],
): Promise<FastifyReply> {
  const versions = await versionsOf(ask, reader.seller);
  const wanted = queryOf(ask.request, 'version');
  const shown = wanted ? versions.find(({ version }) => String(version) === wanted) : versions[0];
  if (wanted && !shown) throw new Refusal('not_found', 'There is no such version of these terms.');
  const shell = reader.shell();
  const page = termsPage(shell, {
    shown: shown && { version: shown.version, text: shown.text, effectiveOn: shown.effectiveOn },
    current: versions[0]?.version,
    versions: versions.map(({ version, effectiveOn }) => ({ version, effectiveOn })),
    ...(asking && !wanted ? { asking } : {}),
  });
  return sendPage(ask.reply, page, { nonce: shell.nonce });
}

/** For one who is signed in: with the button, where this version has to be accepted before going on. */
async function showTerms(ask: Ask): Promise<FastifyReply> {
  const payer = await payerOf(ask, 'terms');
  const reader = { seller: payer.seller, shell: () => payerShell(payer) };
  if (!(await isAsked(ask, payer))) return sendTerms(ask, reader);
  const next = safeNext(queryOf(ask.request, 'next'));
  return sendTerms(ask, reader, {
    action: '/portal/terms',
    signOutUrl: '/portal/sign-out',
    ...(next ? { next } : {}),
  });
}

const isAsked = (ask: Ask, { seller, person }: Payer): Promise<boolean> =>
  ask.app.db.transaction(systemActor('portal terms'), async (tx) =>
    mustAccept(seller.termsAskVersion, await acceptedVersion(tx, seller.id, person.id)),
  );

/** Accepted with name, time and address, in the version that was read; another one by now is shown first. */
async function acceptTerms(ask: Ask): Promise<FastifyReply> {
  const payer = await payerOf(ask, 'terms');
  checkMember(ask, payer);
  const { seller, customer, person, actor, now } = payer;
  const next = safeNext(textOf(ask.request, 'next', 300));
  const { paymentTermsText: text, paymentTermsVersion: version } = seller;
  if (text === null || textOf(ask.request, 'version', 10) !== String(version))
    return goTo(ask.reply, `/portal/terms${next ? `?next=${encodeURIComponent(next)}` : ''}`);
  if (await isAsked(ask, payer)) {
    const consent = {
      kind: 'payment_terms' as const,
      text,
      version: String(version),
      name: person.name ?? person.email,
      ...originOf(ask.request),
    };
    const by = { organizationId: seller.id, customerId: customer.id, consents: [consent] };
    await ask.app.db.transaction(systemActor('portal terms'), (tx) => writeConsents(tx, actor, by, now));
  }
  return goTo(ask.reply, next ?? '/portal');
}
