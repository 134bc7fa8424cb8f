import * as api from '#features/terms/api.ts';
import { addTerms, listTerms, removeTerms, type TermsRow } from '#features/terms/terms.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { camel, snake } from '#lib/casing.ts';

const present = (row: TermsRow) => ({ object: 'invoice_terms' as const, ...snake(row) });

export function termsRoutes(app: App): void {
  serve(app, api.listTerms, async ({ tx, organization }) => ({
    object: 'list' as const,
    data: (await listTerms(tx, organization.id)).map(present),
    has_more: false,
  }));
  serve(app, api.createTerms, async ({ tx, actor, organization, now, body }) =>
    present(await addTerms(tx, actor, { organizationId: organization.id, terms: camel(body) }, now)),
  );
  serve(app, api.removeTerms, async ({ tx, actor, organization, now, params }) =>
    present(await removeTerms(tx, actor, { organizationId: organization.id, termsId: params.id }, now)),
  );
}
