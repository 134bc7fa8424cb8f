import { outboxOf } from '#features/correspondence/outbox.ts';
import * as api from '#features/reports/api.ts';
import { businessReportRoutes } from '#features/reports/business-routes.ts';
import { listEmailProblems, tryEmailAgain } from '#features/reports/email-problems.ts';
import { countHeldMail, listHeldMail } from '#features/reports/held-mail.ts';
import { ignoreConflict } from '#features/reports/ignore-conflict.ts';
import { leaveReportRoutes } from '#features/reports/leave-routes.ts';
import { listBouncedEmails, listEmailConflicts } from '#features/reports/queries.ts';
import { dismissBounced, resendBounced } from '#features/reports/resend-bounced.ts';
import { sendHeldMail } from '#features/reports/send-held-mail.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';

export function reportRoutes(app: App): void {
  businessReportRoutes(app);
  leaveReportRoutes(app);
  const makings = { secrets: app.secrets, outbox: outboxOf(app.config) };
  serve(app, api.listEmailConflicts, ({ tx, organization, query }) =>
    listEmailConflicts(tx, { organizationId: organization.id, ...camel(query) }),
  );
  serve(app, api.ignoreEmailConflict, async ({ tx, actor, organization, now, params, body }) => {
    const { id } = params;
    await ignoreConflict(tx, actor, { organizationId: organization.id, customerId: id, ...body }, now);
    return { object: 'email_conflict_choice' as const, id, ignored: body.ignored };
  });
  serve(app, api.listBouncedEmails, ({ tx, organization, query }) =>
    listBouncedEmails(tx, { organizationId: organization.id, ...camel(query) }),
  );
  serve(app, api.resendBounced, async ({ tx, actor, organization, now, params, body }) => {
    const one = { organizationId: organization.id, messageId: params.id };
    const { messageId } = await resendBounced(tx, actor, { ...makings, ...one, ...body }, now);
    return { object: 'put_right' as const, id: params.id, message_id: messageId };
  });
  serve(app, api.listEmailProblems, async ({ tx, organization, params }) => ({
    ...(await listEmailProblems(tx, { organizationId: organization.id, customerId: params.id })),
    held_mail: await countHeldMail(tx, organization.id, params.id),
  }));
  serve(app, api.listHeldMail, ({ tx, organization, query }) =>
    listHeldMail(tx, { organizationId: organization.id, ...camel(query) }),
  );
  serve(app, api.sendHeldMail, async ({ tx, actor, organization, now, body }) => {
    const total = { object: 'held_mail_sent' as const, sent: 0, left: 0 };
    for (const customerId of new Set(body.customer_ids)) {
      const input = { ...makings, organizationId: organization.id, customerId };
      const { sent, left } = await sendHeldMail(tx, actor, input, now);
      total.sent += sent;
      total.left += left;
    }
    return total;
  });
  serve(app, api.tryEmailAgain, async ({ tx, actor, organization, now, params, body }) => {
    await tryEmailAgain(tx, actor, { organizationId: organization.id, customerId: params.id, ...body }, now);
    return { object: 'email_tried_again' as const, email: body.email.toLowerCase() };
  });
  serve(app, api.dismissBounced, async ({ tx, actor, organization, now, params }) => {
    await dismissBounced(tx, actor, { organizationId: organization.id, messageId: params.id }, now);
    return { object: 'put_right' as const, id: params.id, message_id: null };
  });
}
