import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import * as api from '#features/channel-accounts/api.ts';
import {
  connectChannel,
  disconnectChannel,
  recordChannelCheck,
} from '#features/channel-accounts/connect-channel.ts';
import {
  presentChannelAccount,
  readChannelAccount,
  readChannelAccounts,
  readHours,
} from '#features/channel-accounts/queries.ts';
import { carrierWebhookRoutes } from '#features/channel-accounts/webhook-routes.ts';
import type { Carriers } from '#features/correspondence/carriers.ts';
import { credentialsFault } from '#features/gateway-accounts/rules.ts';
import type { App } from '#http/app.ts';
import { serve, serveJourney } from '#http/serve.ts';
import { Refusal } from '#lib/errors.ts';

type Vendor = Carriers['vendors'][number];

/** Carriers of text messages and letters: connect, try, let go; and what they tell us. */
export function channelAccountRoutes(app: App, { carriers }: { carriers: Carriers }): void {
  const how = { carriers, baseUrl: app.config.baseUrl };
  const one = async (tx: Tx, organizationId: string, id: string) =>
    presentChannelAccount(await readChannelAccount(tx, organizationId, id), how);
  serve(app, api.listChannelVendors, async () => ({
    object: 'list' as const,
    data: carriers.vendors.map(({ channel, vendor, name, credentials }) => ({
      object: 'channel_vendor' as const,
      channel,
      vendor,
      name,
      credentials: [...credentials],
    })),
    has_more: false,
  }));
  serve(app, api.listChannelAccounts, async ({ tx, organization }) => ({
    object: 'list' as const,
    data: (await readChannelAccounts(tx, organization.id)).map((row) => presentChannelAccount(row, how)),
    has_more: false,
  }));
  serve(app, api.disconnectChannel, async ({ tx, actor, organization, now, params }) => {
    const input = { organizationId: organization.id, channelAccountId: params.id };
    await disconnectChannel(tx, actor, input, now);
    return one(tx, organization.id, params.id);
  });
  connectingRoutes(app, carriers, one);
  hoursRoutes(app);
  carrierWebhookRoutes(app, carriers);
}

type One = (tx: Tx, organizationId: string, id: string) => Promise<ReturnType<typeof presentChannelAccount>>;

/** These ask the carrier, so none of them is one transaction; bodies hold secrets, so none is stored. */
function connectingRoutes(app: App, carriers: Carriers, one: One): void {
  serveJourney(app, api.connectChannel, async ({ caller, body }) => {
    const { organization, actor, now } = caller;
    if (organization.mode === 'sandbox')
      throw new Refusal(
        'state_refused',
        'A practice organization’s messages stay in its mailbox, so it needs no carrier. Connect one in your live organization.',
      );
    const vendor = known(carriers, body.vendor);
    const accountName = await tried(vendor, body.credentials);
    const account = {
      organizationId: organization.id,
      channel: vendor.channel,
      vendor: vendor.vendor,
      credentials: app.secrets.encrypt(JSON.stringify(body.credentials)),
      shown: vendor.shown(body.credentials),
      vendorAccount: accountName,
    };
    return app.db.transaction(actor, async (tx) => {
      const { channelAccountId } = await connectChannel(tx, actor, account, now);
      return one(tx, organization.id, channelAccountId);
    });
  });
  serveJourney(app, api.checkChannel, async ({ caller, params }) => {
    const { organization, actor, now } = caller;
    const account = await app.db.transaction(actor, (tx) =>
      readChannelAccount(tx, organization.id, params.id),
    );
    const vendor = known(carriers, account.vendor);
    const answer = await vendor.check(carriers.credentialsOf(account));
    const problem = answer.ok ? null : answer.message;
    const input = { organizationId: organization.id, channelAccountId: params.id, problem };
    await app.db.transaction(actor, (tx) => recordChannelCheck(tx, input, now));
    return {
      object: 'channel_check' as const,
      ok: answer.ok,
      message: answer.ok ? `${vendor.name} answers as ${answer.accountName}.` : answer.message,
      notes: answer.ok ? answer.notes : [],
    };
  });
}

/** Asks the carrier; a refusal names the field, as the form spells it. Answers the account's name there. */
async function tried(vendor: Vendor, credentials: Record<string, string>): Promise<string> {
  const refuse = (message: string, field?: string): Refusal =>
    new Refusal('invalid_request', {
      message,
      ...(field ? { param: `credentials.${field}`, fields: { [`credentials.${field}`]: message } } : {}),
    });
  const fault = credentialsFault({ ...vendor, kinds: [] }, credentials);
  if (fault) throw refuse(fault.message, fault.field);
  const answer = await vendor.check(credentials);
  if (!answer.ok) throw refuse(answer.message, answer.field);
  if (answer.mode === 'test')
    throw refuse(`These are test credentials of ${vendor.name}: nothing would arrive. Use the live ones.`);
  return answer.accountName;
}

function known(carriers: Carriers, name: string): Vendor {
  const vendor = carriers.vendors.find((each) => each.vendor === name);
  if (vendor) return vendor;
  const names = carriers.vendors.map((each) => each.vendor).join(', ');
  throw new Refusal('invalid_request', {
    message: `There is no carrier “${name}” to connect. Choose one of: ${names}.`,
    param: 'vendor',
  });
}

function hoursRoutes(app: App): void {
  serve(app, api.getTextHours, ({ tx, organization, now }) => readHours(tx, organization.id, now));
  serve(app, api.updateTextHours, async ({ tx, actor, organization, now, body }) => {
    const changed = await tx.run(sql`update organizations set text_hours = ${body.keeps}
      where id = ${organization.id} and text_hours <> ${body.keeps}`);
    if (changed > 0)
      await record(tx, { actor, organizationId: organization.id, now }, [
        {
          type: 'organization.updated',
          subjectId: organization.id,
          data: { changes: { text_hours: [body.keeps === 'law' ? 'business' : 'law', body.keeps] } },
        },
      ]);
    return readHours(tx, organization.id, now);
  });
}
