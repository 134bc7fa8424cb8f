import { addNote } from '#features/collections/add-note.ts';
import * as api from '#features/collections/api.ts';
import { changeTask, makeTask } from '#features/collections/change-task.ts';
import { listWorklist, type NextSteps } from '#features/collections/list-worklist.ts';
import { makePromise, withdrawPromise } from '#features/collections/make-promise.ts';
import { endDispute, openDispute, restDispute } from '#features/collections/open-dispute.ts';
import { pinNote } from '#features/collections/pin-note.ts';
import {
  listAssignees,
  listNotes,
  listTasks,
  readDispute,
  readHolds,
  readPromise,
  readTask,
} from '#features/collections/queries.ts';
import { worklistFilter } from '#features/collections/worklist-filter.ts';
import type { App, OrganizationContext } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';
import { dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

const todayIn = (organization: OrganizationContext, now: Date) => dateIn(organization.timeZone, now);

export function collectionRoutes(app: App, deps: { nextSteps: NextSteps }): void {
  holdRoutes(app);
  noteRoutes(app);
  serve(app, api.listAssignees, ({ tx, organization }) => listAssignees(tx, organization.id));
  serve(app, api.listWorklist, ({ tx, actor, organization, now, query }) => {
    const page = { organizationId: organization.id, currency: organization.currency, now };
    const today = todayIn(organization, now);
    return listWorklist(tx, { ...page, today }, worklistFilter(actor, query), deps.nextSteps);
  });
}

function holdRoutes(app: App): void {
  serve(app, api.getInvoiceHolds, ({ tx, organization, now, params }) =>
    readHolds(tx, organization.id, params.id, todayIn(organization, now)),
  );
  serve(app, api.makePromise, async ({ tx, actor, organization, now, params, body }) => {
    const about = { organizationId: organization.id, invoiceId: params.id };
    const { promiseId } = await makePromise(tx, actor, { ...about, ...camel(body) }, now);
    return readPromise(tx, organization.id, promiseId);
  });
  serve(app, api.withdrawPromise, async ({ tx, actor, organization, now, params }) => {
    await withdrawPromise(tx, actor, { organizationId: organization.id, promiseId: params.id }, now);
    return readPromise(tx, organization.id, params.id);
  });
  serve(app, api.openDispute, async ({ tx, actor, organization, now, params, body }) => {
    const about = { organizationId: organization.id, invoiceId: params.id, byCustomer: false };
    const { disputeId } = await openDispute(tx, actor, { ...about, ...camel(body) }, now);
    return readDispute(tx, organization.id, disputeId, todayIn(organization, now));
  });
  serve(app, api.restDispute, async ({ tx, actor, organization, now, params, body }) => {
    const about = { organizationId: organization.id, disputeId: params.id };
    await restDispute(tx, actor, { ...about, ...camel(body) }, now);
    return readDispute(tx, organization.id, params.id, todayIn(organization, now));
  });
  serve(app, api.endDispute, async ({ tx, actor, organization, now, params, body }) => {
    await endDispute(tx, actor, { organizationId: organization.id, disputeId: params.id, ...body }, now);
    return readDispute(tx, organization.id, params.id, todayIn(organization, now));
  });
}

function noteRoutes(app: App): void {
  serve(app, api.listNotes, ({ tx, organization, params, query }) =>
    listNotes(tx, organization.id, { customerId: params.id, ...camel(query) }),
  );
  serve(app, api.addNote, async ({ tx, actor, organization, now, params, body }) => {
    const about = { organizationId: organization.id, customerId: params.id };
    const { noteId } = await addNote(tx, actor, { ...about, ...camel(body) }, now);
    const found = await listNotes(tx, organization.id, { customerId: params.id, id: noteId, limit: 1 });
    return must(found.data[0], 'the new note');
  });
  serve(app, api.changeNote, async ({ tx, actor, organization, now, params, body }) => {
    const about = { organizationId: organization.id, noteId: params.id, ...body };
    const { customerId } = await pinNote(tx, actor, about, now);
    const found = await listNotes(tx, organization.id, { customerId, id: params.id, limit: 1 });
    return must(found.data[0], 'the note');
  });
  serve(app, api.listTasks, ({ tx, organization, params, query }) =>
    listTasks(tx, organization.id, { customerId: params.id, ...query }),
  );
  serve(app, api.makeTask, async ({ tx, actor, organization, now, params, body }) => {
    const about = { organizationId: organization.id, customerId: params.id };
    const { taskId } = await makeTask(tx, actor, { ...about, ...camel(body) }, now);
    return readTask(tx, organization.id, taskId);
  });
  serve(app, api.changeTask, async ({ tx, actor, organization, now, params, body }) => {
    await changeTask(tx, actor, { organizationId: organization.id, taskId: params.id, ...camel(body) }, now);
    return readTask(tx, organization.id, params.id);
  });
}
