import { sql } from 'kysely';
import { type Actor, systemActor } from '#db/db.ts';
import { answerIncoming } from '#features/channel-accounts/answer-incoming.ts';
import { keepCarrierNews } from '#features/channel-accounts/carrier-news.ts';
import type { CarrierChannel, Carriers, ChannelAccount } from '#features/correspondence/carriers.ts';
import type { App } from '#http/app.ts';
import { systemNow } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { isId } from '#lib/ids.ts';

type Known = ChannelAccount & { organizationId: string };
type Params = { Params: { accountId: string; messageId?: string } };

/**
 * Where carriers call: verify over the bytes as they came, store, answer at once; a job works it later. A
 * STOP alone is heeded before the answer, for the next text may leave in the meantime.
 */
export function carrierWebhookRoutes(app: App, carriers: Carriers): void {
  app.fastify.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 262_144 }, (_request, body, parsed) =>
      parsed(null, body),
    );
    for (const url of ['/webhooks/texts/:accountId', '/webhooks/texts/:accountId/:messageId'])
      scope.post<Params>(url, async (request, reply) => {
        const account = await findAccount(app, request.params.accountId, 'sms');
        const params = Object.fromEntries(new URLSearchParams(rawOf(request.body).toString('utf8')));
        const texter = carriers.texter(account);
        const read = texter.readWebhook({
          url: `${app.config.baseUrl}${request.url}`,
          params,
          signature: headerOf(request.headers, 'x-twilio-signature'),
        });
        if (!read) throw new Refusal('forbidden', 'The signature does not hold.');
        const kept = { account, raw: JSON.stringify(params) };
        const words = await app.db.transaction(jobOf(account), (tx) =>
          read.kind === 'news'
            ? keepCarrierNews(tx, { ...kept, news: read }, systemNow())
            : answerIncoming(tx, { ...kept, incoming: read }, systemNow()),
        );
        const { contentType, body } = texter.answer(words);
        return reply.code(200).type(contentType).send(body);
      });
    scope.post<Params>('/webhooks/letters/:accountId', async (request, reply) => {
      const account = await findAccount(app, request.params.accountId, 'paper');
      const raw = rawOf(request.body);
      const headers = Object.fromEntries(
        Object.keys(request.headers).map((name) => [name, headerOf(request.headers, name)]),
      );
      const news = carriers.printer(account).readWebhook(raw, headers, systemNow());
      if (news === undefined) throw new Refusal('forbidden', 'The signature does not hold.');
      if (news !== null)
        await app.db.transaction(jobOf(account), (tx) =>
          keepCarrierNews(tx, { account, raw: raw.toString('utf8'), news }, systemNow()),
        );
      return reply.code(200).send({ received: true });
    });
    done();
  });
}

const rawOf = (body: unknown): Buffer => (Buffer.isBuffer(body) ? body : Buffer.alloc(0));

const headerOf = (headers: Record<string, string | string[] | undefined>, name: string): string => {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
};

const jobOf = ({ organizationId }: Known): Actor => ({ kind: 'job', organizationId, name: 'webhook' });

/** The account that an address names, whosever it is; also one that is let go: what it took goes on. */
async function findAccount(app: App, id: string, channel: CarrierChannel): Promise<Known> {
  const account = isId('channelAccount', id)
    ? await app.db.transaction(systemActor('webhook'), (tx) =>
        tx.row<Known>(sql`select organization_id, id, channel, vendor, credentials from channel_accounts
          where id = ${id} and channel = ${channel}`),
      )
    : undefined;
  if (!account) throw new Refusal('not_found', 'There is no such carrier here.');
  return account;
}
