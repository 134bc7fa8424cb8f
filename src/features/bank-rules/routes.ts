import * as api from '#features/bank-rules/api.ts';
import { readReturnRates } from '#features/bank-rules/queries.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { dateIn } from '#lib/dates.ts';

/** How bank debits stand to the rules of their network. */
export function bankRuleRoutes(app: App): void {
  serve(app, api.getReturnRates, ({ tx, organization, now }) =>
    readReturnRates(tx, organization, dateIn(organization.timeZone, now)),
  );
}
