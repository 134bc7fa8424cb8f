import { type RawBuilder, sql } from 'kysely';

/**
 * A mail of the host’s desk to somebody of the organization: what the host answered to one person’s request
 * is that person’s. `but` says of the ticket `asked` that its mails are not meant.
 */
export const isHostMail = (
  organizationId: RawBuilder<unknown>,
  messageId: RawBuilder<unknown>,
  but: RawBuilder<unknown> = sql`false`,
): RawBuilder<unknown> => sql`exists (select from ticket_mails mailed
    join tickets asked on asked.organization_id = mailed.organization_id and asked.id = mailed.ticket_id
    where mailed.organization_id = ${organizationId} and mailed.message_id = ${messageId} and asked.desk = 'host'
      and not ${but})`;
