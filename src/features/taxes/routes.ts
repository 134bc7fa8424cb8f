import * as api from '#features/taxes/api.ts';
import {
  addTaxRate,
  changeTaxRate,
  readTaxRate,
  readTaxRates,
  type TaxRateRow,
} from '#features/taxes/tax-rates.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';

const present = (row: TaxRateRow) => ({ object: 'tax_rate' as const, ...row });

export function taxRoutes(app: App): void {
  serve(app, api.listTaxRates, async ({ tx, organization, query }) => {
    const rows = await readTaxRates(tx, organization.id, camel(query));
    return {
      object: 'list' as const,
      data: rows.slice(0, query.limit).map(present),
      has_more: rows.length > query.limit,
    };
  });
  serve(app, api.createTaxRate, async ({ tx, actor, organization, now, body }) => {
    const added = await addTaxRate(tx, actor, { organizationId: organization.id, rate: body }, now);
    return present(await readTaxRate(tx, organization.id, added.taxRateId));
  });
  serve(app, api.updateTaxRate, async ({ tx, actor, organization, now, params, body }) => {
    const about = { organizationId: organization.id, taxRateId: params.id };
    await changeTaxRate(tx, actor, { ...about, ...body }, now);
    return present(await readTaxRate(tx, organization.id, params.id));
  });
}
