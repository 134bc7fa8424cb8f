import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { record } from '#db/events.ts';
import { chasingKinds, holdLetters, sentByHand } from '#features/correspondence/hold-stale.ts';
import { messageJob } from '#features/correspondence/message-jobs.ts';
import { billedWith } from '#features/customers/billed-with.ts';
import { updateCustomers } from '#features/customers/update-customers.ts';
import type { Address } from '#features/organizations/api.ts';
import type { PostalAddress } from '#lib/address-lines.ts';
import { notFound, Refusal } from '#lib/errors.ts';

export type ToConfirm = {
  organizationId: string;
  customerId: string;
  /** Another spelling, which then is the billing address; left out: as it stands. */
  address?: Address | undefined;
};

/** Say that letters reach a customer at its billing address. Those that waited for it leave at once. */
export async function confirmAddress(
  tx: Tx,
  actor: Actor,
  input: ToConfirm,
  now: Date,
): Promise<{ released: number }> {
  const { organizationId, customerId, address } = input;
  if (address)
    await updateCustomers(
      tx,
      actor,
      { organizationId, patches: [{ id: customerId, billingAddress: address }] },
      now,
    );
  const customer = await tx.row<{ billingAddress: PostalAddress; addressState: string; realNow: Date }>(sql`
    select c.billing_address, c.address_state,
      ${now}::timestamptz - o.clock_offset_ms * interval '1 millisecond' as real_now
    from customers c join organizations o on o.id = c.organization_id
    where c.organization_id = ${organizationId} and c.id = ${customerId} for no key update of c`);
  if (!customer) throw notFound('customer', customerId);
  const { line1, city } = customer.billingAddress;
  if (!line1 || !city)
    throw new Refusal('invalid_request', {
      message: 'A letter needs a street address and a city. Give them first.',
      param: 'address',
      fields: {
        ...(line1 ? {} : { 'address.line1': 'Give the street.' }),
        ...(city ? {} : { 'address.city': 'Give the city.' }),
      },
    });
  if (customer.addressState !== 'confirmed') {
    await tx.run(sql`update customers set address_state = 'confirmed', updated_at = ${now}
      where organization_id = ${organizationId} and id = ${customerId}`);
    await record(tx, { actor, organizationId, now }, [
      { type: 'customer.address_confirmed', subjectId: customerId, customerId },
    ]);
  }
  return { released: await releaseLetters(tx, actor, { ...input, ...customer }, now) };
}

/**
 * Letters to this customer, and to those that are billed with it, go to the address as it stands now. What
 * asked for payment, and what brings an invoice that is closed by now, is held back for good; not what
 * somebody has sent by hand.
 */
async function releaseLetters(
  tx: Tx,
  actor: Actor,
  input: ToConfirm & { billingAddress: PostalAddress; realNow: Date },
  now: Date,
): Promise<number> {
  const { organizationId, customerId, billingAddress, realNow } = input;
  const over = await tx.rows<{ id: string; isChasing: boolean }>(sql`
    select m.id, m.kind = any(${[...chasingKinds]}) as is_chasing from messages m
      left join invoices i on i.organization_id = m.organization_id and i.id = m.invoice_id
    where m.organization_id = ${organizationId} and m.awaits_address and m.state = 'queued'
      and m.customer_id in ${billedWith(organizationId, sql`${customerId}`)}
      and not ${sentByHand} and (i.closed_at is not null or m.kind = any(${[...chasingKinds]})) order by m.id for update of m`);
  for (const [rule, chasing] of [
    ['address_unconfirmed', true],
    ['not_payable', false],
  ] as const) {
    const ids = over.filter(({ isChasing }) => isChasing === chasing).map(({ id }) => id);
    await holdLetters(tx, actor, { organizationId, rule, ids }, now);
  }
  const released = await tx.rows<{ id: string; awaitsDocument: boolean }>(sql`
    update messages set awaits_address = false, next_attempt_at = ${realNow},
      to_address = jsonb_set(to_address, '{address}', ${JSON.stringify(billingAddress)}::jsonb)
    where organization_id = ${organizationId} and awaits_address and state = 'queued'
      and customer_id in ${billedWith(organizationId, sql`${customerId}`)}
    returning id, awaits_document`);
  await enqueue(
    tx,
    released.map((letter) => messageJob(organizationId, { ...letter, channel: 'paper' })),
  );
  return released.length;
}

/** A letter came back: its customer's address is in doubt until somebody has looked. */
export async function doubtAddress(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; customerId: string; reason: string },
  now: Date,
): Promise<void> {
  const { organizationId, customerId, reason } = input;
  const finding = JSON.stringify({ finding: 'undeliverable', reason });
  const doubted = await tx.rows<{ id: string }>(sql`
    update customers c set address_state = 'unconfirmed', address_finding = ${finding}::jsonb, updated_at = ${now}
    from customers asked
    where asked.organization_id = ${organizationId} and asked.id = ${customerId} and c.organization_id = asked.organization_id
      and c.id = billed_to(asked.organization_id::text, asked.id::text)
      and c.address_state = 'confirmed'
    returning c.id`);
  await record(
    tx,
    { actor, organizationId, now },
    doubted.map(({ id }) => ({
      type: 'customer.address_doubted',
      subjectId: id,
      customerId: id,
      data: { reason },
    })),
  );
}
