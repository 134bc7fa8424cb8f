import { sql } from 'kysely';
import { newSandboxKeys } from '#connectors/gateways/sandbox/keys.ts';
import { type Actor, type Database, systemActor } from '#db/db.ts';
import { planCustomers, planInvoices } from '#demo/plan-history.ts';
import { playHistory } from '#demo/play-history.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { createCustomers } from '#features/customers/create-customers.ts';
import { sendInvoices } from '#features/invoices/send-invoices.ts';
import { createApiKey } from '#features/organizations/create-api-key.ts';
import { createOrganization } from '#features/organizations/create-organization.ts';
import { inviteCustomers } from '#features/portal-access/invite-customers.ts';
import { createUser } from '#features/users/create-user.ts';
import { hashPassword } from '#features/users/passwords.ts';
import { addDays, dateIn, systemNow } from '#lib/dates.ts';
import { scopes } from '#lib/endpoint.ts';
import { seeded } from '#lib/random.ts';
import { newToken, type Secrets } from '#lib/secrets.ts';

export type Demo = {
  organizationId: string;
  userId: string;
  apiKey: string;
  email: string;
  password: string;
  customers: number;
  invoices: number;
};
export type DemoSize = {
  customers: number;
  invoices: number;
  seed: number;
  onProgress?: (done: number, total: number) => void;
};

const timeZone = 'America/Los_Angeles';

/**
 * A sandbox organization with two years of believable history, made by the same commands that real business
 * uses.
 */
export async function makeDemo(
  deps: { db: Database; secrets: Secrets; outbox: Outbox },
  size: DemoSize,
): Promise<Demo> {
  const { db, secrets } = deps;
  const random = seeded(size.seed);
  const now = systemNow();
  const today = dateIn(timeZone, now);
  const customers = planCustomers(random, size.customers);
  const invoices = planInvoices(random, customers, size.invoices, today);
  const start = new Date(`${addDays(today, -731)}T16:00:00Z`);
  const organizationId = await openOrganization(db, secrets, start);
  const person = await staff(db, organizationId, now);
  const actor: Actor = { kind: 'job', organizationId, name: 'demo' };
  const customerIds: string[] = [];
  for (let at = 0; at < customers.length; at += 1000) {
    const slice = customers.slice(at, at + 1000).map(({ habit: _, ...customer }) => customer);
    const made = await db.transaction(actor, (tx) =>
      createCustomers(tx, actor, { organizationId, customers: slice, quiet: true }, start),
    );
    customerIds.push(...made.customerIds);
  }
  await playHistory(db, {
    organizationId,
    customers,
    customerIds,
    invoices,
    today,
    random,
    onProgress: size.onProgress,
  });
  await sendLatest(deps, organizationId, now);
  return { organizationId, ...person, customers: customers.length, invoices: invoices.length };
}

/**
 * The newest open invoices go out today, and a few customers are invited: the mailbox has something to show.
 */
async function sendLatest(
  { db, secrets, outbox }: { db: Database; secrets: Secrets; outbox: Outbox },
  organizationId: string,
  now: Date,
) {
  const actor: Actor = { kind: 'job', organizationId, name: 'demo' };
  await db.transaction(actor, async (tx) => {
    const open = await tx.rows<{ id: string; customerId: string }>(sql`select id, customer_id from invoices
      where organization_id = ${organizationId} and closed_at is null and issued_at is not null
      order by invoice_date desc, id desc limit 12`);
    await sendInvoices(
      tx,
      actor,
      { organizationId, invoiceIds: open.map(({ id }) => id), secrets, outbox, skipSentToday: true },
      now,
    );
    const customerIds = [...new Set(open.map(({ customerId }) => customerId))].slice(0, 4);
    if (customerIds.length > 0) await inviteCustomers(tx, actor, { organizationId, customerIds }, now);
  });
}

async function openOrganization(db: Database, secrets: Secrets, start: Date): Promise<string> {
  const actor = systemActor('demo');
  return db.transaction(actor, async (tx) => {
    const { organizationId } = await createOrganization(
      tx,
      actor,
      {
        name: 'Fernwood Grounds Co.',
        mode: 'sandbox',
        currency: 'USD',
        timeZone,
        secrets,
        sandboxKeys: newSandboxKeys(),
        address: {
          line1: '218 Alder Street',
          city: 'Portland',
          region: 'OR',
          postal_code: '97205',
          country: 'US',
        },
        email: 'billing@fernwood-grounds.example',
        phone: '+1 503 555 0142',
        brandColor: '#1f5c45',
      },
      start,
    );
    await tx.run(sql`update organizations set website = 'https://fernwood-grounds.example', invoice_number_prefix = 'FG-',
      invoice_footer = 'Thank you for letting us look after your grounds.' where id = ${organizationId}`);
    return organizationId;
  });
}

async function staff(db: Database, organizationId: string, now: Date) {
  const password = newToken().slice(0, 20);
  const email = `demo+${organizationId.slice(-8)}@owed.example`;
  const passwordHash = await hashPassword(password);
  const actor = systemActor('demo');
  return db.transaction(actor, async (tx) => {
    const { userId } = await createUser(
      tx,
      actor,
      {
        organizationId,
        email,
        firstName: 'Robin',
        lastName: 'Fernwood',
        passwordHash,
        roles: ['superuser'],
      },
      now,
    );
    const key = await createApiKey(tx, actor, { organizationId, name: 'Demo', scopes }, now);
    return { userId, email, password, apiKey: key.token };
  });
}
