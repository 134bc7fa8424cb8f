import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { CarrierCredentials, CarrierVendor } from '#features/correspondence/carrier.ts';
import type { LetterPrinter, LetterVendor } from '#features/correspondence/letter-printer.ts';
import type { Texter, TextVendor } from '#features/correspondence/texter.ts';
import { Refusal } from '#lib/errors.ts';
import type { Secrets } from '#lib/secrets.ts';

export type CarrierChannel = 'sms' | 'paper';
export type ChannelAccount = { id: string; channel: CarrierChannel; vendor: string; credentials: Buffer };

/** Every carrier that Owed can speak to; compose.ts lists them, and nobody else knows a connector. */
export type Carriers = {
  vendors: readonly (CarrierVendor<unknown> & { channel: CarrierChannel })[];
  credentialsOf(account: Pick<ChannelAccount, 'credentials'>): CarrierCredentials;
  texter(account: ChannelAccount): Texter;
  printer(account: ChannelAccount): LetterPrinter;
};

export function makeCarriers(
  known: { texters: readonly TextVendor[]; printers: readonly LetterVendor[] },
  secrets: Pick<Secrets, 'decrypt'>,
): Carriers {
  const credentialsOf = (account: Pick<ChannelAccount, 'credentials'>): CarrierCredentials =>
    JSON.parse(secrets.decrypt(account.credentials)) as CarrierCredentials;
  const open = <Port>(vendors: readonly CarrierVendor<Port>[], account: ChannelAccount): Port => {
    const vendor = vendors.find((each) => each.vendor === account.vendor);
    if (!vendor) throw new Refusal('unavailable', `${account.vendor} is not part of this installation.`);
    return vendor.make(credentialsOf(account));
  };
  return {
    vendors: [
      ...known.texters.map((vendor) => ({ ...vendor, channel: 'sms' as const })),
      ...known.printers.map((vendor) => ({ ...vendor, channel: 'paper' as const })),
    ],
    credentialsOf,
    texter: (account) => open(known.texters, account),
    printer: (account) => open(known.printers, account),
  };
}

/** The account that carries an organization's texts or letters now. */
export const connectedAccount = (
  tx: Tx,
  organizationId: string,
  channel: CarrierChannel,
): Promise<ChannelAccount | undefined> =>
  tx.row<ChannelAccount>(sql`select id, channel, vendor, credentials from channel_accounts
    where organization_id = ${organizationId} and channel = ${channel} and disconnected_at is null`);
