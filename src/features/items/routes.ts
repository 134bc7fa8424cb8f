import * as api from '#features/items/api.ts';
import { type ItemRow, listItems, readItem } from '#features/items/read-items.ts';
import { addItems, changeItems } from '#features/items/write-items.ts';
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
    const about = { organizationId: organization.id, items: [camel(body)] };
    const [itemId = ''] = (await addItems(tx, actor, about, now)).itemIds;
    return present(await readItem(tx, organization.id, itemId));
  });
  serve(app, api.updateItem, async ({ tx, actor, organization, now, params, body }) => {
    const about = { organizationId: organization.id, patches: [{ ...camel(body), id: params.id }] };
    await changeItems(tx, actor, about, now);
    return present(await readItem(tx, organization.id, params.id));
  });
}
