import * as api from '#features/payment-terms/api.ts';
import { publishTerms } from '#features/payment-terms/publish-terms.ts';
import { listAcceptances, listVersions, presentVersion } from '#features/payment-terms/queries.ts';
import { withdrawTerms } from '#features/payment-terms/withdraw-terms.ts';
import type { App, OrganizationContext } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';
import { dateIn } from '#lib/dates.ts';

export function paymentTermsRoutes(app: App): void {
  const dayOf = (organization: OrganizationContext, now: Date): string => dateIn(organization.timeZone, now);
  serve(app, api.listPaymentTerms, ({ tx, organization, now, query }) =>
    listVersions(
      tx,
      organization.id,
      { limit: query.limit, startingAfter: query.starting_after },
      dayOf(organization, now),
    ),
  );
  serve(app, api.publishPaymentTerms, async ({ tx, actor, organization, now, body }) => {
    const today = dayOf(organization, now);
    const { version } = await publishTerms(
      tx,
      actor,
      {
        organizationId: organization.id,
        text: body.text,
        effectiveOn: body.effective_on ?? today,
        askAgain: body.ask_again,
        today,
      },
      now,
    );
    return presentVersion(tx, organization.id, version, today);
  });
  serve(app, api.withdrawPaymentTerms, async ({ tx, actor, organization, now, params }) => {
    const today = dayOf(organization, now);
    const gone = await presentVersion(tx, organization.id, params.version, today);
    await withdrawTerms(tx, actor, { organizationId: organization.id, version: params.version, today }, now);
    return gone;
  });
  serve(app, api.listAcceptances, ({ tx, organization, params, query }) =>
    listAcceptances(tx, organization.id, params.version, camel(query)),
  );
}
