import type { z } from 'zod';
import type { Outbox } from '#features/correspondence/outbox.ts';
import * as api from '#features/reminders/api.ts';
import { chooseCustomerPolicy } from '#features/reminders/choose-customer-policy.ts';
import { forecastReminders } from '#features/reminders/forecast.ts';
import { previewStep } from '#features/reminders/preview-step.ts';
import {
  presentPolicy,
  readCustomerPolicy,
  readOutlook,
  readReminderFile,
} from '#features/reminders/queries.ts';
import { readPolicies } from '#features/reminders/read-policies.ts';
import {
  archivePolicy,
  createPolicy,
  type GivenStep,
  updatePolicy,
} from '#features/reminders/save-policy.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { serveFile } from '#http/serve-file.ts';
import { camel } from '#lib/casing.ts';
import { dateIn } from '#lib/dates.ts';
import { sha256 } from '#lib/secrets.ts';

export function reminderRoutes(app: App, { outbox }: { outbox: Outbox }): void {
  const { secrets } = app;
  policyRoutes(app);
  serve(app, api.previewStep, ({ tx, organization, now, body }) => {
    const about = { organizationId: organization.id, today: dateIn(organization.timeZone, now) };
    return previewStep(tx, { ...about, ...camel(body), secrets, outbox });
  });
  serve(app, api.chooseCustomerPolicy, async ({ tx, actor, organization, now, params, body }) => {
    const policyId = body.dunning_policy_id;
    const input = { organizationId: organization.id, customerId: params.id, policyId };
    await chooseCustomerPolicy(tx, actor, input, now);
    return readCustomerPolicy(tx, organization.id, params.id);
  });
  serve(app, api.getCustomerPolicy, ({ tx, organization, params }) =>
    readCustomerPolicy(tx, organization.id, params.id),
  );
  serve(app, api.getInvoiceReminders, ({ tx, organization, now, params }) =>
    readOutlook(tx, organization, params.id, { today: dateIn(organization.timeZone, now), now }),
  );
  serve(app, api.forecastReminders, ({ tx, organization, now, query }) => {
    const today = dateIn(organization.timeZone, now);
    return forecastReminders(tx, { organizationId: organization.id, today, ...query, secrets, outbox }, now);
  });
  serveFile(app, api.getReminderPdf, async ({ caller, params }) => {
    const { number, file } = await app.db.transaction(caller.actor, (tx) =>
      readReminderFile(tx, caller.organization.id, params.id),
    );
    const fileName = `Reminder ${number}.pdf`;
    return { contentType: 'application/pdf', fileName, version: sha256(file), render: async () => file };
  });
}

function policyRoutes(app: App): void {
  serve(app, api.listPolicies, async ({ tx, organization }) => ({
    object: 'list' as const,
    data: (await readPolicies(tx, organization.id)).map(presentPolicy),
    has_more: false,
  }));
  serve(app, api.createPolicy, async ({ tx, actor, organization, now, body }) => {
    const { customer_type: customerType, one_message: oneMessage, steps, name } = body;
    const policy = { name, customerType, oneMessage, steps: steps.map(stepOf) };
    return presentPolicy(await createPolicy(tx, actor, { organizationId: organization.id, policy }, now));
  });
  serve(app, api.updatePolicy, async ({ tx, actor, organization, now, params, body }) => {
    const { customer_type: customerType, one_message: oneMessage, steps, name } = body;
    const change = { name, customerType, oneMessage, isDefault: body.default, steps: steps?.map(stepOf) };
    const input = { organizationId: organization.id, id: params.id, change };
    return presentPolicy(await updatePolicy(tx, actor, input, now));
  });
  serve(app, api.archivePolicy, async ({ tx, actor, organization, now, params }) =>
    presentPolicy(await archivePolicy(tx, actor, { organizationId: organization.id, id: params.id }, now)),
  );
}

type BodyStep = NonNullable<z.output<(typeof api.updatePolicy)['body']>['steps']>[number];

const stepOf = ({ formal, ...step }: BodyStep): GivenStep => ({ ...camel(step), isFormal: formal });
