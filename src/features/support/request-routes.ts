import { readFileSync } from 'node:fs';
import type { Actor, Tx } from '#db/db.ts';
import { addToTicket } from '#features/support/add-to-ticket.ts';
import * as api from '#features/support/api.ts';
import { changeTicket } from '#features/support/change-ticket.ts';
import { filesOf, staffAuthor } from '#features/support/desk-routes.ts';
import { openTicket } from '#features/support/open-ticket.ts';
import { getTicket, listTickets, readTicketFile } from '#features/support/queries.ts';
import { readTicket, type TicketRow } from '#features/support/read-ticket.ts';
import { plainContext } from '#features/support/rules.ts';
import type { MailDeps } from '#features/support/ticket-mails.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { serveFile } from '#http/serve-file.ts';
import { notFound, Refusal } from '#lib/errors.ts';
import { scopesOf } from '#lib/roles.ts';

/** Of this Owed, as package.json says it. */
const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** What staff asks the host: everybody sees the own requests, who manages users sees all. */
export function requestRoutes(app: App, deps: MailDeps): void {
  const filesAt = api.getSupportRequestFile.path.replace('/{id}', '');
  const one = async (tx: Tx, actor: Actor, organizationId: string, id: string) =>
    getTicket(tx, await ownRequest(tx, actor, { organizationId, id }), { all: false, filesAt });
  serve(app, api.createSupportRequest, async ({ tx, actor, organization, now, body, origin }) => {
    const author = await personOf(tx, actor, organization.name);
    const { category, subject, words, files, request_id: requestId, page, error } = body;
    const ticket = {
      ...{ desk: 'host' as const, category, subject, words, asker: author, way: 'console' as const },
      context: plainContext({ page, error, requestId, version, browser: origin.userAgent }),
      files: filesOf(files),
    };
    const made = await openTicket(tx, actor, { ...deps, organizationId: organization.id, ticket }, now);
    return one(tx, actor, organization.id, made.ticketId);
  });
  serve(app, api.listSupportRequests, ({ tx, actor, organization, query }) =>
    listTickets(tx, {
      organizationId: organization.id,
      desk: 'host',
      limit: query.limit,
      startingAfter: query.starting_after,
      status: query.status,
      userId: seesAll(actor) ? undefined : userIdOf(actor),
    }),
  );
  serve(app, api.getSupportRequest, ({ tx, actor, organization, params }) =>
    one(tx, actor, organization.id, params.id),
  );
  serve(app, api.addToSupportRequest, async ({ tx, actor, organization, now, params, body }) => {
    const { id } = await ownRequest(tx, actor, { organizationId: organization.id, id: params.id });
    const author = await personOf(tx, actor, organization.name);
    const name = { organizationId: organization.id, ticketId: id, desk: 'host', way: 'console' } as const;
    await addToTicket(tx, actor, { ...name, author, words: body.words, files: filesOf(body.files) }, now);
    return one(tx, actor, organization.id, id);
  });
  serve(app, api.changeSupportRequest, async ({ tx, actor, organization, now, params, body }) => {
    const { id } = await ownRequest(tx, actor, { organizationId: organization.id, id: params.id });
    const author = await personOf(tx, actor, organization.name);
    const name = { organizationId: organization.id, ticketId: id, desk: 'host', side: 'asker' } as const;
    await changeTicket(tx, actor, { ...name, author, change: body }, now);
    return one(tx, actor, organization.id, id);
  });
  serveFile(app, api.getSupportRequestFile, ({ caller, params }) =>
    app.db.transaction(caller.actor, async (tx) => {
      const organizationId = caller.organization.id;
      const file = await readTicketFile(tx, organizationId, params.id);
      await ownRequest(tx, caller.actor, { organizationId, id: file.ticketId });
      return file;
    }),
  );
}

const seesAll = (actor: Actor): boolean => scopesOf(actor).has('users:write');
/** Of a program none: it sees all or nothing. */
const userIdOf = (actor: Actor): string => (actor.kind === 'user' ? actor.userId : 'nobody');

async function ownRequest(
  tx: Tx,
  actor: Actor,
  { organizationId, id }: { organizationId: string; id: string },
): Promise<TicketRow> {
  const ticket = await readTicket(tx, { organizationId, ticketId: id, desk: 'host' });
  if (!seesAll(actor) && ticket.userId !== userIdOf(actor)) throw notFound('ticket', id);
  return ticket;
}

/** The host answers people: a key has no address to answer to. */
async function personOf(tx: Tx, actor: Actor, organizationName: string) {
  const { name, email, userId } = await staffAuthor(tx, actor, organizationName);
  if (!email || !userId)
    throw new Refusal('forbidden', 'Support requests are written by people. Sign in to the console.');
  return { name, email, userId };
}
