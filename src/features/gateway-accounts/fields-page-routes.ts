import { randomBytes } from 'node:crypto';
import { findAccount } from '#features/gateway-accounts/webhook-routes.ts';
import type { Gateways } from '#features/payments/gateways.ts';
import type { App } from '#http/app.ts';
import { Refusal } from '#lib/errors.ts';

/**
 * The page that carries a vendor's own fields, for vendors that have a script instead of a page. The pay page
 * frames it, so that no third party's script runs beside the payer's invoices (PCI DSS, SAQ A).
 */
export function fieldsPageRoutes(app: App, gateways: Gateways): void {
  app.fastify.get<{ Params: { id: string; kind: string }; Querystring: { parent?: string } }>(
    '/gateway-fields/:id/:kind',
    async (request, reply) => {
      const { id, kind } = request.params;
      const account = await findAccount(app, id);
      const page = gateways.vendorOf(account.vendor).fieldsPage;
      if (!page || (kind !== 'card' && kind !== 'bank_account'))
        throw new Refusal('not_found', 'There are no such fields.');
      const { html, contentSecurityPolicy } = page({
        credentials: gateways.credentialsOf(account),
        kind,
        parentOrigin: parentOf(app, request.query.parent, `${request.protocol}://${request.host}`),
        nonce: randomBytes(16).toString('base64'),
      });
      return reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', contentSecurityPolicy)
        .removeHeader('x-frame-options')
        .header('cache-control', 'no-store')
        .send(html);
    },
  );
}

/** Only a page of Owed may frame the fields: at the address it is known by, or the one it is asked at. */
function parentOf(app: App, parent: string | undefined, here: string): string {
  const own = [new URL(app.config.baseUrl).origin, new URL(here).origin];
  const origin = parent ?? own[0] ?? '';
  if (!own.includes(origin))
    throw new Refusal('forbidden', 'These fields are for the pay pages of this Owed.');
  return origin;
}
