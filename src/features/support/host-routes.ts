import { sql } from 'kysely';
import { type Actor, systemActor, type Tx } from '#db/db.ts';
import { answerTicket } from '#features/support/answer-ticket.ts';
import * as api from '#features/support/api.ts';
import { changeTicket } from '#features/support/change-ticket.ts';
import { filesOf } from '#features/support/desk-routes.ts';
import { getTicket, listTickets, readTicketFile } from '#features/support/queries.ts';
import type { TicketName } from '#features/support/read-ticket.ts';
import type { MailDeps } from '#features/support/ticket-mails.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { serveFile } from '#http/serve-file.ts';
import { camel } from '#lib/casing.ts';
import { organizationNow } from '#lib/clock.ts';
import { notFound, Refusal } from '#lib/errors.ts';

type Host = { userId: string; name: string; email: string };

/** The host's desk: what the staff of all organizations asks. It stands above them: read as the system. */
export function hostRoutes(app: App, deps: MailDeps): void {
  const filesAt = api.getHostTicketFile.path.replace('/{id}', '');
  const shown = (tx: Tx, { organizationId, ticketId: id }: TicketName) =>
    getTicket(tx, { organizationId, id }, { all: true, filesAt });
  serve(
    app,
    api.listHostTickets,
    async ({ tx, actor, query }) => {
      await hostOf(tx, actor);
      return listTickets(tx, { desk: 'host', ...camel(query) });
    },
    'system',
  );
  serve(
    app,
    api.getHostTicket,
    async ({ tx, actor, params }) => {
      await hostOf(tx, actor, params.id);
      return shown(tx, (await findHosted(tx, params.id)).name);
    },
    'system',
  );
  serve(
    app,
    api.answerHostTicket,
    async ({ tx, actor, params, body }) => {
      const author = await hostOf(tx, actor, params.id);
      const { name, now } = await findHosted(tx, params.id);
      const said = { ...body, author, files: filesOf(body.files) };
      await answerTicket(tx, byHost(author), { ...name, ...deps, ...said }, now);
      return shown(tx, name);
    },
    'system',
  );
  serve(
    app,
    api.changeHostTicket,
    async ({ tx, actor, params, body }) => {
      const author = await hostOf(tx, actor, params.id);
      const { name, now } = await findHosted(tx, params.id);
      const { assigned_to_me: mine, ...rest } = body;
      const me = mine ? { id: author.userId, name: author.name } : null;
      const change = { ...rest, assignee: mine === undefined ? undefined : me };
      await changeTicket(tx, byHost(author), { ...name, change, author, side: 'desk' }, now);
      return shown(tx, name);
    },
    'system',
  );
  serveFile(app, api.getHostTicketFile, ({ caller, params }) =>
    app.db.transaction(systemActor('host desk'), async (tx) => {
      await hostOf(tx, caller.actor, params.id);
      const row = await tx.row<{ organizationId: string; ticketId: string }>(
        sql`select organization_id, ticket_id from ticket_files where id = ${params.id}`,
      );
      if (!row) throw notFound('file', params.id);
      await findHosted(tx, row.ticketId);
      return readTicketFile(tx, row.organizationId, params.id);
    }),
  );
}

/** In the log of the organization it is the host who did it, not one of its own people. */
const byHost = ({ name }: Host): Actor => systemActor(`host: ${name}`.slice(0, 60));

/** Anybody else is told of the desk that it is not theirs, and of a single request that there is none. */
async function hostOf(tx: Tx, actor: Actor, id?: string): Promise<Host> {
  const person =
    actor.kind === 'user' &&
    (await tx.row<{ userId: string; name: string | null; email: string }>(sql`
      select id as user_id, nullif(trim(first_name || ' ' || last_name), '') as name, email from users
      where id = ${actor.userId} and operator and disabled_at is null`));
  if (!person && id) throw notFound('ticket', id);
  if (!person)
    throw new Refusal('forbidden', 'Only those who host this Owed see what all organizations ask.');
  return { ...person, name: person.name ?? person.email };
}

async function findHosted(tx: Tx, id: string): Promise<{ name: TicketName; now: Date }> {
  const row = await tx.row<{ organizationId: string; clockOffsetMs: bigint }>(sql`
    select t.organization_id, o.clock_offset_ms from tickets t join organizations o on o.id = t.organization_id
    where t.id = ${id} and t.desk = 'host'`);
  if (!row) throw notFound('ticket', id);
  const { organizationId } = row;
  return { name: { organizationId, ticketId: id, desk: 'host' }, now: organizationNow(row) };
}
