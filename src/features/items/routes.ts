import * as api from '#features/items/api.ts';
import { addItem, changeItem, type ItemRow, listItems, readItem } from '#features/items/items.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { camel, snake } from '#lib/casing.ts';

const present = (row: ItemRow) => ({ object: 'item' as const, ...snake(row) });

export function itemRoutes(app: App): void {
  serve(app, api.listItems, async ({ tx, organization, query }) => {
    const { rows, hasMore } = await listItems(tx, organization.id, camel(query));
    return { object: 'list' as const, data: rows.map(present), has_more: hasMore };
  });
  serve(app, api.createItem, async ({ tx, actor, organization, now, body }) => {
    const added = await addItem(tx, actor, { organizationId: organization.id, item: camel(body) }, now);
    return present(await readItem(tx, organization.id, added.itemId));
  });
  serve(app, api.updateItem, async ({ tx, actor, organization, now, params, body }) => {
    const about = { organizationId: organization.id, itemId: params.id, changes: camel(body) };
    await changeItem(tx, actor, about, now);
    return present(await readItem(tx, organization.id, params.id));
  });
}
