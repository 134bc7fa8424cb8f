import { sql } from 'kysely';
import { systemActor } from '#db/db.ts';
import { keepWebhook } from '#features/gateway-accounts/keep-webhook.ts';
import type { GatewayAccount, Gateways } from '#features/payments/gateways.ts';
import type { App } from '#http/app.ts';
import { systemNow } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { isId } from '#lib/ids.ts';

/**
 * Where gateways call: verify over the raw bytes, store, answer at once; a job asks the gateway what is true.
 * A webhook is a hint, so a doubled, late or invented one does no harm.
 */
export function gatewayWebhookRoute(app: App, gateways: Gateways): void {
  app.fastify.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 262_144 }, (_request, body, parsed) =>
      parsed(null, body),
    );
    scope.post<{ Params: { gatewayAccountId: string } }>(
      '/webhooks/gateways/:gatewayAccountId',
      async (request, reply) => {
        const account = await findAccount(app, request.params.gatewayAccountId);
        const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([key, value]) => [
            key,
            Array.isArray(value) ? value[0] : value,
          ]),
        );
        const hint = await gateways.open(account).readWebhook(raw, headers);
        if (!hint) throw new Refusal('forbidden', 'The signature does not hold.');
        const { organizationId, id: gatewayAccountId } = account;
        await app.db.transaction({ kind: 'job', organizationId, name: 'webhook' }, (tx) =>
          keepWebhook(tx, { organizationId, gatewayAccountId, hint, raw: raw.toString('utf8') }, systemNow()),
        );
        return reply.code(200).send({ received: true });
      },
    );
    done();
  });
}

export type KnownAccount = GatewayAccount & { organizationId: string };

/** The account that an address names, whosever it is. */
export async function findAccount(app: App, id: string): Promise<KnownAccount> {
  const account = isId('gatewayAccount', id)
    ? await app.db.transaction(systemActor('webhook'), (tx) =>
        tx.row<KnownAccount>(sql`
        select organization_id, id, vendor, credentials, publishable_key from gateway_accounts where id = ${id}`),
      )
    : undefined;
  if (!account) throw new Refusal('not_found', 'There is no such gateway account.');
  return account;
}
