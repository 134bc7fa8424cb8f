import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { answerTicket } from '#features/support/answer-ticket.ts';
import * as api from '#features/support/api.ts';
import { changeTicket } from '#features/support/change-ticket.ts';
import { getTicket, listTickets, readTicketFile } from '#features/support/queries.ts';
import { readTicket } from '#features/support/read-ticket.ts';
import type { MailDeps } from '#features/support/ticket-mails.ts';
import type { Author, NewFile } from '#features/support/write-post.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { serveFile } from '#http/serve-file.ts';
import { camel } from '#lib/casing.ts';
import { Refusal } from '#lib/errors.ts';

/** The organization's own desk: what its customers ask. */
export function deskRoutes(app: App, deps: MailDeps): void {
  const filesAt = api.getTicketFile.path.replace('/{id}', '');
  const one = async (tx: Tx, organizationId: string, id: string) =>
    getTicket(tx, await readTicket(tx, { organizationId, ticketId: id, desk: 'organization' }), {
      all: true,
      filesAt,
    });
  serve(app, api.listTickets, ({ tx, organization, query }) =>
    listTickets(tx, { organizationId: organization.id, desk: 'organization', ...camel(query) }),
  );
  serve(app, api.getTicket, ({ tx, organization, params }) => one(tx, organization.id, params.id));
  serve(app, api.answerTicket, async ({ tx, actor, organization, now, params, body }) => {
    const name = { organizationId: organization.id, ticketId: params.id, desk: 'organization' } as const;
    const author = await staffAuthor(tx, actor, organization.name);
    await answerTicket(tx, actor, { ...name, ...deps, ...body, author, files: filesOf(body.files) }, now);
    return one(tx, organization.id, params.id);
  });
  serve(app, api.changeTicket, async ({ tx, actor, organization, now, params, body }) => {
    const name = { organizationId: organization.id, ticketId: params.id, desk: 'organization' } as const;
    const { assignee_id: wanted, ...change } = body;
    const named = wanted ? { id: wanted, name: await nameOfStaff(tx, wanted) } : null;
    const assignee = wanted === undefined ? undefined : named;
    const author = await staffAuthor(tx, actor, organization.name);
    await changeTicket(tx, actor, { ...name, change: { ...change, assignee }, author, side: 'desk' }, now);
    return one(tx, organization.id, params.id);
  });
  serveFile(app, api.getTicketFile, ({ caller, params }) =>
    app.db.transaction(caller.actor, async (tx) => {
      const file = await readTicketFile(tx, caller.organization.id, params.id);
      await readTicket(tx, {
        organizationId: caller.organization.id,
        ticketId: file.ticketId,
        desk: 'organization',
      });
      return file;
    }),
  );
}

export const filesOf = (files: readonly { file_name: string; content: string }[]): NewFile[] =>
  files.map(({ file_name: fileName, content }) => ({ fileName, bytes: Buffer.from(content, 'base64') }));

/** Work is handed to the organization's own people alone. */
async function nameOfStaff(tx: Tx, userId: string): Promise<string> {
  const person = await tx.row<{ name: string }>(sql`select coalesce(staff_name(user_id), email) as name
    from staff_readers() where user_id = ${userId}`);
  if (person) return person.name;
  throw new Refusal('not_found', { message: 'Nobody of your staff has this id.', param: 'assignee_id' });
}

/** As whom staff answers; a program answers in the organization's name. */
export async function staffAuthor(
  tx: Tx,
  actor: Actor,
  organizationName: string,
): Promise<Author & { email?: string }> {
  if (actor.kind !== 'user') return { name: organizationName };
  const { userId } = actor;
  const person = await tx.row<{
    name: string | null;
    email: string;
  }>(sql`select staff_name(user_id) as name, email
    from staff_readers() where user_id = ${userId}`);
  return { name: person?.name ?? organizationName, userId, ...(person ? { email: person.email } : {}) };
}
