import type { FastifyReply } from 'fastify';
import { type Ask, sendPage } from '#features/portal-access/page-routes.ts';
import type { Visit } from '#features/portal-access/visit.ts';
import { textPage } from '#web/portal/views/text-page.ts';

/** What a payer agrees to by paying. */
export function sendTerms(ask: Ask, { seller, shell }: Pick<Visit, 'seller' | 'shell'>): FastifyReply {
  const drawn = shell();
  const text = seller.paymentTermsText ?? 'There are none.';
  return sendPage(ask.reply, textPage(drawn, { title: 'Payment terms', text }), { nonce: drawn.nonce });
}
