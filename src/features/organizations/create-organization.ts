import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { ledgerAccounts } from '#features/ledger/rules.ts';
import type { Address } from '#features/organizations/api.ts';
import { newId } from '#lib/ids.ts';
import type { Secrets } from '#lib/secrets.ts';

export type NewOrganization = {
  name: string;
  mode: 'live' | 'sandbox';
  currency: string;
  timeZone: string;
  address?: Address;
  email?: string | undefined;
  phone?: string | undefined;
  brandColor?: string | undefined;
  /** Keys for the sandbox gateway: a sandbox organization can be paid from its first minute. */
  sandboxKeys?: { secretKey: string; publishableKey: string };
};

/** Open the books of a business that bills: its settings, its accounts, its first dunning policy, its sandbox gateway. */
export async function createOrganization(
  tx: Tx,
  actor: Actor,
  input: NewOrganization & { secrets: Pick<Secrets, 'encrypt'> },
  now: Date,
): Promise<{ organizationId: string }> {
  const organizationId = newId('organization');
  await tx.run(sql`
    insert into organizations (id, name, mode, currency, time_zone, address, email, phone, brand_color, reply_to,
      notify_emails, allow_partial_payments, created_at)
    values (${organizationId}, ${input.name}, ${input.mode}, ${input.currency}, ${input.timeZone},
      ${JSON.stringify(input.address ?? {})}, ${input.email ?? null}, ${input.phone ?? null},
      ${input.brandColor ?? '#1f4d3f'}, ${input.email ?? null}, ${input.email ? [input.email] : []}::text[],
      ${input.mode === 'sandbox'}, ${now})`);
  await tx.run(sql`insert into ledger_accounts (organization_id, key, name, kind)
    select ${organizationId}, a.* from unnest(${ledgerAccounts.map((a) => a.key)}::text[],
      ${ledgerAccounts.map((a) => a.name)}::text[], ${ledgerAccounts.map((a) => a.kind)}::text[]) as a`);
  await tx.run(sql`select first_dunning_policy(${organizationId}, ${now})`);
  if (input.mode === 'sandbox' && input.sandboxKeys) {
    const { secretKey, publishableKey } = input.sandboxKeys;
    const gatewayAccountId = newId('gatewayAccount');
    await tx.run(sql`
      insert into gateway_accounts (organization_id, id, vendor, name, credentials, publishable_key, created_at)
      values (${organizationId}, ${gatewayAccountId}, 'sandbox', 'Sandbox gateway',
        ${input.secrets.encrypt(JSON.stringify({ secretKey }))}, ${publishableKey}, ${now})`);
    await tx.run(sql`insert into gateway_routes (organization_id, kind, gateway_account_id)
      select ${organizationId}, k, ${gatewayAccountId} from unnest(array['card', 'bank_account']) as k`);
  }
  await record(tx, { actor, organizationId, now }, [
    { type: 'organization.created', subjectId: organizationId, data: { name: input.name, mode: input.mode } },
  ]);
  return { organizationId };
}
