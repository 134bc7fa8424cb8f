import type { Carriers } from '#features/correspondence/carriers.ts';
import * as api from '#features/letters/api.ts';
import { confirmAddress } from '#features/letters/confirm-address.ts';
import { markLettersMailed } from '#features/letters/mark-letters-mailed.ts';
import { mergeLetters } from '#features/letters/merge-letters.ts';
import { listLettersToPrint, listPaperConflicts, readLetterPages } from '#features/letters/queries.ts';
import { verifyAddress } from '#features/letters/verify-address.ts';
import type { App } from '#http/app.ts';
import { serve, serveJourney } from '#http/serve.ts';
import { serveFile } from '#http/serve-file.ts';
import { sha256 } from '#lib/secrets.ts';

/** Letters that are printed here, and addresses that letters wait for. */
export function letterRoutes(app: App, { carriers }: { carriers: Carriers }): void {
  serve(app, api.listLettersToPrint, ({ tx, organization, query, now }) =>
    listLettersToPrint(tx, organization.id, { limit: query.limit, startingAfter: query.starting_after }, now),
  );
  serveFile(app, api.printLetters, async ({ caller, query }) => {
    const pages = await app.db.transaction(caller.actor, (tx) =>
      readLetterPages(tx, caller.organization.id, query.ids, caller.now),
    );
    return {
      contentType: 'application/pdf',
      fileName: 'Letters to print.pdf',
      version: sha256(pages.map(({ id }) => id).join()),
      render: () => mergeLetters(pages.map(({ bytes }) => bytes)),
    };
  });
  serve(app, api.markLettersMailed, async ({ tx, actor, organization, now, body }) => {
    const input = { organizationId: organization.id, ids: body.ids };
    const done = await markLettersMailed(tx, actor, input, now);
    return { object: 'letters_mailed' as const, ...done };
  });
  serve(app, api.listPaperConflicts, ({ tx, organization, query }) =>
    listPaperConflicts(
      tx,
      { organizationId: organization.id, currency: organization.currency },
      { limit: query.limit, startingAfter: query.starting_after },
    ),
  );
  serve(app, api.confirmAddress, async ({ tx, actor, organization, now, params, body }) => {
    const input = { organizationId: organization.id, customerId: params.id, address: body.address };
    const { released } = await confirmAddress(tx, actor, input, now);
    return { object: 'address_confirmation' as const, released };
  });
  serveJourney(app, api.verifyAddress, async ({ caller, params }) => {
    const { organization, actor, now } = caller;
    const input = { organizationId: organization.id, customerId: params.id };
    const found = await verifyAddress({ db: app.db, carriers }, actor, input, now);
    return { object: 'address_finding' as const, ...found };
  });
}
