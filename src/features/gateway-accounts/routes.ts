import type { Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import * as api from '#features/gateway-accounts/api.ts';
import { connectGateway } from '#features/gateway-accounts/connect-gateway.ts';
import { disconnectGateway } from '#features/gateway-accounts/disconnect-gateway.ts';
import { fieldsPageRoutes } from '#features/gateway-accounts/fields-page-routes.ts';
import {
  listWebhooksIn,
  presentAccount,
  readAccount,
  readAccounts,
  readWebhookIn,
} from '#features/gateway-accounts/queries.ts';
import { isConnectable, takesFault } from '#features/gateway-accounts/rules.ts';
import { tryCredentials } from '#features/gateway-accounts/try-credentials.ts';
import { recordCheck, updateGatewayAccount } from '#features/gateway-accounts/update-gateway-account.ts';
import { gatewayWebhookRoute } from '#features/gateway-accounts/webhook-routes.ts';
import type { Gateways, GatewayVendor } from '#features/payments/gateways.ts';
import type { ChargeKind } from '#features/payments/payment-gateway.ts';
import type { App } from '#http/app.ts';
import { serve, serveJourney } from '#http/serve.ts';
import { Refusal } from '#lib/errors.ts';

/** Payment gateways of an organization: connect, try, route, disconnect; and the webhooks that they send. */
export function gatewayAccountRoutes(app: App, { gateways }: { gateways: Gateways }): void {
  const how = { gateways, baseUrl: app.config.baseUrl };
  const one = async (tx: Tx, organizationId: string, id: string) =>
    presentAccount(await readAccount(tx, organizationId, id), how);
  serve(app, api.listGatewayVendors, async () => ({
    object: 'list' as const,
    data: gateways.vendors.map(presentVendor),
    has_more: false,
  }));
  serve(app, api.listGatewayAccounts, async ({ tx, organization }) => ({
    object: 'list' as const,
    data: (await readAccounts(tx, organization.id)).map((row) => presentAccount(row, how)),
    has_more: false,
  }));
  connectingRoutes(app, gateways, one);
  serve(app, api.disconnectGateway, async ({ tx, actor, organization, now, params }) => {
    const account = await readAccount(tx, organization.id, params.id);
    if (!isConnectable(gateways.vendorOf(account.vendor)))
      throw new Refusal(
        'state_refused',
        'The sandbox gateway belongs to this practice organization. Send its payments elsewhere instead.',
      );
    await disconnectGateway(tx, actor, { organizationId: organization.id, gatewayAccountId: params.id }, now);
    return one(tx, organization.id, params.id);
  });
  webhookPageRoutes(app);
  gatewayWebhookRoute(app, gateways);
  fieldsPageRoutes(app, gateways);
}

type One = (tx: Tx, organizationId: string, id: string) => Promise<ReturnType<typeof presentAccount>>;

/** These ask the vendor, so none of them is one transaction; their bodies hold secrets, so none is stored. */
function connectingRoutes(app: App, gateways: Gateways, one: One): void {
  serveJourney(app, api.connectGateway, async ({ caller, body }) => {
    const { organization, actor, now } = caller;
    const vendor = connectable(gateways, body.vendor);
    const takes = body.takes ?? vendor.kinds;
    refuseUntakeable(vendor, takes);
    const { accountName, publishableKey } = await tryCredentials(vendor, body.credentials, organization.mode);
    const account = {
      organizationId: organization.id,
      vendor: vendor.vendor,
      name: body.name ?? vendor.name,
      credentials: app.secrets.encrypt(JSON.stringify(body.credentials)),
      publishableKey,
      vendorAccount: accountName,
      takes,
    };
    return app.db.transaction(actor, async (tx) => {
      const { gatewayAccountId } = await connectGateway(tx, actor, account, now);
      return one(tx, organization.id, gatewayAccountId);
    });
  });
  serveJourney(app, api.updateGatewayAccount, async ({ caller, params, body }) => {
    const { organization, actor, now } = caller;
    const account = await app.db.transaction(actor, (tx) => readAccount(tx, organization.id, params.id));
    const vendor = gateways.vendorOf(account.vendor);
    refuseUntakeable(vendor, body.takes ?? []);
    const credentials = body.credentials && { ...gateways.credentialsOf(account), ...body.credentials };
    const tried = credentials && (await tryCredentials(vendor, credentials, organization.mode));
    const renewed = tried && {
      credentials: app.secrets.encrypt(JSON.stringify(credentials)),
      publishableKey: tried.publishableKey,
      vendorAccount: tried.accountName,
    };
    const { name, takes } = body;
    return app.db.transaction(actor, async (tx) => {
      const change = { organizationId: organization.id, gatewayAccountId: params.id, name, takes, renewed };
      await updateGatewayAccount(tx, actor, change, now);
      return one(tx, organization.id, params.id);
    });
  });
  serveJourney(app, api.checkGatewayAccount, async ({ caller, params }) => {
    const { organization, actor, now } = caller;
    const account = await app.db.transaction(actor, (tx) => readAccount(tx, organization.id, params.id));
    const answer = await gateways.vendorOf(account.vendor).check(gateways.credentialsOf(account));
    const problem = answer.ok ? null : answer.message;
    await app.db.transaction(actor, (tx) =>
      recordCheck(tx, actor, { organizationId: organization.id, gatewayAccountId: params.id, problem }, now),
    );
    return {
      object: 'gateway_check' as const,
      ok: answer.ok,
      message: answer.ok ? `${account.name} answers as ${answer.accountName}.` : answer.message,
      notes: answer.ok ? answer.notes : [],
    };
  });
}

function webhookPageRoutes(app: App): void {
  serve(app, api.listWebhooksIn, ({ tx, organization, query }) =>
    listWebhooksIn(tx, organization.id, {
      limit: query.limit,
      startingAfter: query.starting_after,
      state: query.state,
      gatewayAccountId: query.gateway_account_id,
    }),
  );
  serve(app, api.getWebhookIn, ({ tx, organization, params }) =>
    readWebhookIn(tx, organization.id, params.id),
  );
  serve(app, api.replayWebhookIn, async ({ tx, organization, params }) => {
    const webhook = await readWebhookIn(tx, organization.id, params.id);
    await enqueue(tx, [
      {
        job: 'work-webhook',
        key: `webhook:${params.id}`,
        payload: { organizationId: organization.id, webhookId: params.id },
      },
    ]);
    return webhook;
  });
}

function connectable(gateways: Gateways, name: string): GatewayVendor {
  const vendor = gateways.vendors.find((each) => each.vendor === name && isConnectable(each));
  if (vendor) return vendor;
  const known = gateways.vendors.filter(isConnectable);
  const names = known.map((each) => each.vendor).join(', ');
  throw new Refusal('invalid_request', {
    message: `There is no payment gateway “${name}” to connect. Choose one of: ${names}.`,
    param: 'vendor',
  });
}

function refuseUntakeable(vendor: GatewayVendor, takes: readonly ChargeKind[]): void {
  const wrong = takesFault(vendor, takes);
  if (wrong)
    throw new Refusal('invalid_request', {
      message: `${vendor.name} does not take payments by ${wrong.replace('_', ' ')}.`,
      param: 'takes',
    });
}

const presentVendor = ({ vendor, name, kinds, credentials }: GatewayVendor) => ({
  object: 'gateway_vendor' as const,
  vendor,
  name,
  connectable: isConnectable({ credentials }),
  kinds: [...kinds],
  credentials: credentials.map(({ options, ...field }) => ({
    ...field,
    ...(options ? { options: [...options] } : {}),
  })),
});
