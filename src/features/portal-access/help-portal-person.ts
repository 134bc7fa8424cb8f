import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { forgive } from '#features/portal-access/guards.ts';
import { issueLink } from '#features/portal-access/link-tokens.ts';
import { resetMail } from '#features/portal-access/portal-mails.ts';
import { readPerson, senderTo } from '#features/portal-access/queries.ts';
import { queuePortalMail } from '#features/portal-access/queue-portal-mail.ts';
import { readLogins } from '#features/portal-access/read-portal-people.ts';
import { sendConfirmation } from '#features/portal-access/send-confirmation.ts';
import { takeMail } from '#features/users/guards.ts';
import { must, notFound, Refusal } from '#lib/errors.ts';

export type Help = {
  organizationId: string;
  customerId: string;
  portalUserId: string;
  remedy: 'unlock' | 'send_reset' | 'send_confirmation';
  mail: Outbox;
};

const tooOften = (): never => {
  throw new Refusal('rate_limited', 'Several mails went to this address of late. Try again in an hour.');
};

/** Staff helps somebody to sign in. Mail goes to the login's own address, never to one that staff names. */
export async function helpPortalPerson(
  tx: Tx,
  actor: Actor,
  input: Help,
  { now, realNow }: { now: Date; realNow: Date },
): Promise<void> {
  const { organizationId, customerId, portalUserId, mail } = input;
  const logins = await readLogins(tx, organizationId, customerId);
  const login = logins.find(({ id }) => id === portalUserId);
  if (!login) throw notFound('portal user', portalUserId);
  const person = must(await readPerson(tx, portalUserId), 'the portal user');
  if (input.remedy === 'unlock') {
    if (!login.belongs)
      throw new Refusal('state_refused', 'This login does not stand for this customer. Invite them again.');
    await forgive(tx, person.email);
    await record(tx, { actor, organizationId, now }, [
      { type: 'portal.unlocked', subjectId: customerId, customerId, data: { portal_user_id: portalUserId } },
    ]);
    return;
  }
  if (input.remedy === 'send_confirmation') {
    if (person.emailConfirmedAt)
      throw new Refusal('state_refused', 'The address is confirmed already. Load the page again.');
    const { sent } = await sendConfirmation(tx, { person, mail, again: true }, realNow);
    return sent ? undefined : tooOften();
  }
  const sender = await senderTo(tx, person);
  if (!sender)
    throw new Refusal('state_refused', 'This login opens nothing any more. Invite the customer again.');
  if (await takeMail(tx, 'password_reset', person.email, realNow)) tooOften();
  const own = must(
    await tx.row<{ organizationName: string }>(sql`select name as organization_name from organizations
      where id = ${organizationId}`),
    'the organization',
  );
  const about = { email: person.email, portalUserId, organizationId, customerId };
  const token = await issueLink(tx, 'password_reset', about, realNow);
  const url = `${mail.baseUrl}/portal/reset/${token}`;
  await queuePortalMail(
    tx,
    mail,
    resetMail({ ...sender, ...own, organizationId, customerId }, { to: person.email, url }),
  );
}
