import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { issueLink } from '#features/portal-access/link-tokens.ts';
import {
  accessEndedMail,
  confirmationMail,
  noLoginMail,
  type PortalMail,
  type Sender,
  signInHelpMail,
} from '#features/portal-access/portal-mails.ts';
import { findPeople, type Person, readPerson, senderTo } from '#features/portal-access/queries.ts';
import { queuePortalMail } from '#features/portal-access/queue-portal-mail.ts';
import { inviteAgain } from '#features/portal-access/request-reset.ts';
import { takeMail } from '#features/users/guards.ts';
import { plainEmail } from '#features/users/rules.ts';
import { formatMoment } from '#lib/dates.ts';

/**
 * Ask for help with signing in. What is known of the address is looked up later, by a job, so the answer
 * comes in the same time for every address. Answers when to ask again if it was asked too often.
 */
export async function requestSignInHelp(tx: Tx, email: string, now: Date): Promise<Date | undefined> {
  const next = await takeMail(tx, 'sign_in_help', email, now);
  if (next) return next;
  await enqueue(tx, [
    { job: 'send-portal-sign-in-help', payload: { email: plainEmail(email), askedAt: now.toISOString() } },
  ]);
  return undefined;
}

type Asked = { email: string; askedAt: string; mail: Outbox };

/** Mail what helps to the address itself, and to no other: nobody else learns whether it is known. */
export async function sendSignInHelp(tx: Tx, input: Asked, now: Date): Promise<void> {
  const { email, mail } = input;
  const people = await findPeople(tx, email);
  for (const { id } of people) {
    const person = await readPerson(tx, id);
    const sender = person && (await senderTo(tx, person));
    if (!person || !sender) continue;
    const letter = await letterFor(tx, { person, sender, mail }, now);
    await queuePortalMail(tx, mail, { ...letter, dedupeKey: keyOf(input, person.realm) });
  }
  if (people.length > 0 || (await inviteAgain(tx, input, now))) return;
  for (const sender of await knownTo(tx, email))
    await queuePortalMail(tx, mail, {
      ...noLoginMail(sender, { to: email }),
      dedupeKey: keyOf(input, sender.organizationId),
    });
}

const keyOf = ({ email, askedAt }: Asked, to: string): string => `sign-in help ${email} ${askedAt} ${to}`;

type Helped = { person: Person; sender: Sender; mail: Outbox };

async function letterFor(tx: Tx, { person, sender, mail }: Helped, now: Date): Promise<PortalMail> {
  const { email, profiles } = person;
  const { organizationId, customerId } = sender;
  if (profiles.length === 0 && !(await isInvited(tx, email))) return accessEndedMail(sender, { to: email });
  const about = { email, portalUserId: person.id, organizationId, customerId };
  if (!person.emailConfirmedAt) {
    const token = await issueLink(tx, 'email_confirmation', about, now);
    return confirmationMail(sender, { to: email, url: `${mail.baseUrl}/portal/confirm/${token}` });
  }
  const token = await issueLink(tx, 'password_reset', about, now);
  const lock = await tx.row<{ until: Date; timeZone: string; locale: string }>(sql`
    select u.locked_until as until, o.time_zone, o.locale from portal_users u, organizations o
    where u.id = ${person.id} and o.id = ${organizationId} and u.locked_until > ${now}`);
  return signInHelpMail(sender, {
    to: email,
    url: `${mail.baseUrl}/portal/reset/${token}`,
    // The mail is kept with its sender, who must not learn whose customer else this is.
    opens: sender.organizationName,
    lockedUntil: lock && formatMoment(lock.until, lock.timeZone, lock.locale),
  });
}

const isInvited = async (tx: Tx, email: string): Promise<boolean> =>
  (await tx.row(sql`select 1 as yes from portal_invitations i
    join customers c on c.organization_id = i.organization_id and c.id = i.customer_id and c.deactivated_at is null
    where lower(i.email) = ${plainEmail(email)} and i.revoked_at is null and lower(c.email) = lower(i.email) limit 1`)) !==
  undefined;

/** Whose customer has this address, though nobody made a login with it. */
const knownTo = (tx: Tx, email: string): Promise<Sender[]> =>
  tx.rows<Sender>(sql`
    select distinct on (o.id) o.id as organization_id, o.name as organization_name, c.id as customer_id, o.mode as realm
    from customers c join organizations o on o.id = c.organization_id
    where lower(c.email) = ${plainEmail(email)} and c.deactivated_at is null and c.merged_into_id is null
    order by o.id, c.id limit 3`);
