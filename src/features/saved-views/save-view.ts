import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { refuseTaken } from '#db/refuse-taken.ts';
import { readView } from '#features/saved-views/queries.ts';
import { mostViews, type Search, type ViewedList } from '#features/saved-views/rules.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

type Person = { organizationId: string; userId: string };
type View = { name: string; search: Search; shared: boolean; isDefault: boolean };

const taken = {
  saved_views_own_name: { message: 'You have a view of this name already. Give it another.', param: 'name' },
  saved_views_shared_name: {
    message: 'There is a shared view of this name already. Give it another.',
    param: 'name',
  },
};

/** Keep a list as somebody looks at it under a name. */
export async function saveView(
  tx: Tx,
  by: Person,
  view: View & { list: ViewedList },
  now: Date,
): Promise<{ viewId: string }> {
  const { organizationId, userId } = by;
  await refuseTooMany(tx, by, view);
  const id = newId('savedView');
  await refuseTaken(taken, () =>
    tx.run(sql`insert into saved_views (organization_id, id, list, user_id, shared, name, search, created_at, updated_at)
      values (${organizationId}, ${id}, ${view.list}, ${userId}, ${view.shared}, ${view.name},
        ${JSON.stringify(view.search)}, ${now}, ${now})`),
  );
  if (view.isDefault) await makeDefault(tx, by, { list: view.list, id });
  return { viewId: id };
}

type Change = { [K in keyof View]?: View[K] | undefined };

/** Its maker changes a view; whoever may change settings may change one that all have. */
export async function changeView(
  tx: Tx,
  by: Person & { maySettings: boolean },
  { viewId, change }: { viewId: string; change: Change },
  now: Date,
): Promise<void> {
  const { organizationId } = by;
  const view = await readView(tx, by, viewId);
  const { isDefault, ...words } = change;
  if (Object.values(words).some((value) => value !== undefined)) {
    refuseOthers(by, view);
    const after = { ...view, ...withoutUndefined(words) };
    if (after.shared && !view.shared) await refuseTooMany(tx, by, after);
    await refuseTaken(taken, () =>
      tx.run(sql`update saved_views set name = ${after.name}, search = ${JSON.stringify(after.search)},
        shared = ${after.shared}, updated_at = ${now} where organization_id = ${organizationId} and id = ${viewId}`),
    );
    if (view.shared && !after.shared)
      await tx.run(sql`delete from default_views where organization_id = ${organizationId}
        and saved_view_id = ${viewId} and user_id <> ${view.userId}`);
  }
  if (isDefault === true) await makeDefault(tx, by, { list: view.list, id: viewId });
  if (isDefault === false)
    await tx.run(sql`delete from default_views where organization_id = ${organizationId} and user_id = ${by.userId}
      and saved_view_id = ${viewId}`);
}

/** Whoever opened the list with it opens it without. */
export async function removeView(
  tx: Tx,
  by: Person & { maySettings: boolean },
  viewId: string,
): Promise<void> {
  refuseOthers(by, await readView(tx, by, viewId));
  await tx.run(sql`delete from saved_views where organization_id = ${by.organizationId} and id = ${viewId}`);
}

const withoutUndefined = (change: Omit<Change, 'isDefault'>) =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));

function refuseOthers(by: { userId: string; maySettings: boolean }, view: { userId: string }): void {
  if (view.userId === by.userId || by.maySettings) return;
  throw new Refusal('forbidden', 'Somebody else made this view. Save it under another name for yourself.');
}

async function refuseTooMany(tx: Tx, by: Person, view: { list: ViewedList; shared: boolean }): Promise<void> {
  // Two at once count each other.
  await tx.run(sql`select id from organizations where id = ${by.organizationId} for no key update`);
  const whose = view.shared ? sql`shared` : sql`not shared and user_id = ${by.userId}`;
  const counted = await tx.row<{ count: number }>(sql`select count(*)::int as count from saved_views
    where organization_id = ${by.organizationId} and list = ${view.list} and ${whose}`);
  if ((counted?.count ?? 0) >= mostViews)
    throw new Refusal('too_large', `At most ${mostViews} views of a list. Delete one that nobody uses.`);
}

const makeDefault = (tx: Tx, by: Person, view: { list: ViewedList; id: string }): Promise<number> =>
  tx.run(sql`insert into default_views (organization_id, user_id, list, saved_view_id)
    values (${by.organizationId}, ${by.userId}, ${view.list}, ${view.id})
    on conflict (organization_id, user_id, list) do update set saved_view_id = excluded.saved_view_id`);
