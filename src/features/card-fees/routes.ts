import * as api from '#features/card-fees/api.ts';
import { readRangeLists } from '#features/card-fees/card-ranges.ts';
import { newestCardFeePolicy, readPlaces } from '#features/card-fees/queries.ts';
import { readCardFeeRules } from '#features/card-fees/read-terms.ts';
import { setCardFeePolicy } from '#features/card-fees/set-card-fee-policy.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { camel, snake } from '#lib/casing.ts';
import { dateIn } from '#lib/dates.ts';

/** Card fees: what they are, and what networks and laws say. */
export function cardFeeRoutes(app: App): void {
  serve(app, api.getCardFeePolicy, async ({ tx, organization, now }) => {
    const today = dateIn(organization.timeZone, now);
    const rules = await readCardFeeRules(tx, today);
    return {
      object: 'card_fee_policy' as const,
      policy: await newestCardFeePolicy(tx, organization.id, today),
      rules: rules.map((rule) => ({ ...rule, modes: [...rule.modes] })),
      places: await readPlaces(tx),
      card_ranges: (await readRangeLists(tx)).map(snake),
    };
  });
  serve(app, api.setCardFeePolicy, async ({ tx, actor, organization, now, body }) => {
    await setCardFeePolicy(tx, actor, { organizationId: organization.id, policy: camel(body) }, now);
    return newestCardFeePolicy(tx, organization.id, dateIn(organization.timeZone, now));
  });
}
