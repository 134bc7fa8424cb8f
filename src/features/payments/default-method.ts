import { type RawBuilder, sql } from 'kysely';

type One = { organizationId: string; customerId: string; methodId: string };

/** The first method that a customer stores is the usual one, until another is chosen. */
export const firstIsDefault = (one: One, now: Date): RawBuilder<unknown> => sql`
  insert into default_payment_methods (organization_id, customer_id, payment_method_id, set_at)
  values (${one.organizationId}, ${one.customerId}, ${one.methodId}, ${now})
  on conflict (organization_id, customer_id) do nothing`;
