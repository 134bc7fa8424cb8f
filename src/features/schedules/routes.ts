import type { z } from 'zod';
import type { Actor, Tx } from '#db/db.ts';
import { serveListFile } from '#features/downloads/list-file-routes.ts';
import { taxedLines } from '#features/invoices/compose-draft.ts';
import type { LineInput } from '#features/invoices/rules.ts';
import * as api from '#features/schedules/api.ts';
import { createSchedules } from '#features/schedules/create-schedules.ts';
import { schedulesFile } from '#features/schedules/list-file.ts';
import { endSchedule, pauseSchedule, resumeSchedule, skipNext } from '#features/schedules/pause-schedule.ts';
import {
  listOccurrences,
  listSchedules,
  presentSchedule,
  readSchedule,
} from '#features/schedules/queries.ts';
import { type InvoiceTemplate, templateOf } from '#features/schedules/template-rules.ts';
import { type ScheduleChanges, updateSchedule } from '#features/schedules/update-schedule.ts';
import type { NewSchedule } from '#features/schedules/write-schedules.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';
import { dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import type { Origin } from '#lib/origin.ts';
import { demand } from '#lib/roles.ts';

export function scheduleRoutes(app: App): void {
  serve(app, api.createSchedule, async ({ tx, actor, organization, now, body, origin }) => {
    demand(actor, api.scopeOfKind[body.kind]);
    const lines = body.kind === 'invoice' ? await linesOf(tx, organization.id, body.lines) : [];
    const input = { organizationId: organization.id, schedules: [newSchedule(body, lines, origin)] };
    const { scheduleIds } = await createSchedules(tx, actor, input, now);
    return presentSchedule(await readSchedule(tx, organization.id, must(scheduleIds[0], 'the schedule')));
  });
  serve(app, api.listSchedules, ({ tx, organization, query }) =>
    listSchedules(tx, organization.id, camel(query)),
  );
  serveListFile(app, api.exportSchedules, schedulesFile, 'csv');
  serve(app, api.getSchedule, async ({ tx, organization, params }) =>
    presentSchedule(await readSchedule(tx, organization.id, params.id)),
  );
  serve(app, api.listOccurrences, ({ tx, organization, params, query }) =>
    listOccurrences(tx, organization.id, { id: params.id, ...camel(query) }),
  );
  serve(app, api.updateSchedule, async ({ tx, actor, organization, now, params, body, origin }) => {
    const { document: before } = await scheduleToChange(tx, actor, params.id, organization.id);
    const input = {
      organizationId: organization.id,
      scheduleId: params.id,
      changes: changesOf(body, before, body.lines && (await linesOf(tx, organization.id, body.lines))),
      agreement: body.agreement_held ? { by: 'held' as const, origin } : undefined,
    };
    await updateSchedule(tx, actor, input, now);
    return presentSchedule(await readSchedule(tx, organization.id, params.id));
  });
  stateRoutes(app);
}

function stateRoutes(app: App): void {
  serve(app, api.pauseSchedule, async ({ tx, actor, organization, now, params }) => {
    await scheduleToChange(tx, actor, params.id, organization.id);
    await pauseSchedule(tx, actor, { organizationId: organization.id, scheduleId: params.id }, now);
    return presentSchedule(await readSchedule(tx, organization.id, params.id));
  });
  serve(app, api.resumeSchedule, async ({ tx, actor, organization, now, params }) => {
    await scheduleToChange(tx, actor, params.id, organization.id);
    const today = dateIn(organization.timeZone, now);
    await resumeSchedule(tx, actor, { organizationId: organization.id, scheduleId: params.id, today }, now);
    return presentSchedule(await readSchedule(tx, organization.id, params.id));
  });
  serve(app, api.skipOccurrence, async ({ tx, actor, organization, now, params, body }) => {
    await scheduleToChange(tx, actor, params.id, organization.id);
    await skipNext(tx, actor, { organizationId: organization.id, scheduleId: params.id, ...body }, now);
    return presentSchedule(await readSchedule(tx, organization.id, params.id));
  });
  serve(app, api.endSchedule, async ({ tx, actor, organization, now, params }) => {
    await scheduleToChange(tx, actor, params.id, organization.id);
    await endSchedule(tx, actor, { organizationId: organization.id, scheduleId: params.id }, now);
    return presentSchedule(await readSchedule(tx, organization.id, params.id));
  });
}

async function scheduleToChange(tx: Tx, actor: Actor, id: string, organizationId: string) {
  const schedule = await readSchedule(tx, organizationId, id);
  demand(actor, api.scopeOfKind[schedule.kind]);
  return schedule;
}

type Lines = z.output<typeof api.updateSchedule.body>['lines'];
const linesOf = (tx: Tx, organizationId: string, lines: NonNullable<Lines>): Promise<LineInput[]> =>
  taxedLines(
    tx,
    organizationId,
    lines.map((line) => camel(line)),
  );

function newSchedule(
  body: z.output<typeof api.createSchedule.body>,
  lines: readonly LineInput[],
  origin: Origin,
): NewSchedule {
  if (body.kind === 'payment') {
    const { agreement_held: _, ...rest } = body;
    return { ...camel(rest), agreement: { by: 'held', origin } };
  }
  const {
    lines: _,
    terms,
    po_number: poNumber,
    memo,
    discount: discountTerms,
    issue: issues,
    ...rest
  } = body;
  return {
    ...camel(rest),
    issues,
    document: templateOf({ lines, terms, poNumber, memo, discountTerms }),
  };
}

/** What of a schedule changes; the parts of its invoices that are not named stay as they are. */
function changesOf(
  body: z.output<typeof api.updateSchedule.body>,
  before: InvoiceTemplate | null,
  lines: readonly LineInput[] | undefined,
): ScheduleChanges {
  const {
    agreement_held: _,
    lines: _typed,
    terms,
    po_number: poNumber,
    memo,
    discount: discountTerms,
    issue: issues,
    ...rest
  } = body;
  const parts = {
    ...(lines === undefined ? {} : { lines: templateOf({ lines }).lines }),
    ...(terms === undefined ? {} : { terms }),
    ...(poNumber === undefined ? {} : { poNumber }),
    ...(memo === undefined ? {} : { memo }),
    ...(discountTerms === undefined ? {} : { discountTerms }),
  };
  return {
    ...camel(rest),
    ...(issues === undefined ? {} : { issues }),
    ...(Object.keys(parts).length > 0
      ? { document: { ...(before ?? templateOf({ lines: [] })), ...parts } }
      : {}),
  };
}
