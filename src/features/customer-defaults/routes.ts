import type { Tx } from '#db/db.ts';
import * as api from '#features/customer-defaults/api.ts';
import {
  makeChange,
  previewChange,
  renameType,
  undoChange,
} from '#features/customer-defaults/make-change.ts';
import {
  listChanges,
  presentChange,
  readChange,
  readCustomerDefaults,
} from '#features/customer-defaults/queries.ts';
import { removeTypeSet, saveDefaults, saveTypeSet } from '#features/customer-defaults/save-defaults.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';

const one = async (tx: Tx, organizationId: string, id: string) =>
  presentChange(await readChange(tx, organizationId, id));

export function customerDefaultRoutes(app: App): void {
  serve(app, api.getCustomerDefaults, ({ tx, organization }) => readCustomerDefaults(tx, organization.id));
  serve(app, api.updateCustomerDefaults, async ({ tx, actor, organization, now, body }) => {
    const about = { organizationId: organization.id, byType: body.by_type, settings: body.settings };
    await saveDefaults(tx, actor, about, now);
    return readCustomerDefaults(tx, organization.id);
  });
  serve(app, api.saveCustomerType, async ({ tx, actor, organization, now, body }) => {
    await saveTypeSet(tx, actor, { organizationId: organization.id, ...camel(body) }, now);
    return readCustomerDefaults(tx, organization.id);
  });
  serve(app, api.removeCustomerType, async ({ tx, actor, organization, now, body }) => {
    await removeTypeSet(tx, actor, { organizationId: organization.id, ...camel(body) }, now);
    return readCustomerDefaults(tx, organization.id);
  });
  serve(app, api.renameCustomerType, async ({ tx, actor, organization, now, body }) => {
    const { changeId } = await renameType(
      tx,
      actor,
      { organizationId: organization.id, ...camel(body) },
      now,
    );
    return one(tx, organization.id, changeId);
  });
  serve(app, api.previewSettingChange, ({ tx, organization, body }) =>
    previewChange(tx, { organizationId: organization.id, ...camel(body) }),
  );
  serve(app, api.makeSettingChange, async ({ tx, actor, organization, now, body }) => {
    const { changeId } = await makeChange(
      tx,
      actor,
      { organizationId: organization.id, ...camel(body) },
      now,
    );
    return one(tx, organization.id, changeId);
  });
  serve(app, api.listSettingChanges, ({ tx, organization, query }) =>
    listChanges(tx, organization.id, camel(query)),
  );
  serve(app, api.getSettingChange, ({ tx, organization, params }) => one(tx, organization.id, params.id));
  serve(app, api.undoSettingChange, async ({ tx, actor, organization, now, params }) => {
    await undoChange(tx, actor, { organizationId: organization.id, changeId: params.id }, now);
    return one(tx, organization.id, params.id);
  });
}
