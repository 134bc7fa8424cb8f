import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import type { CarrierNews } from '#features/correspondence/carrier.ts';
import { recordNews, type Told } from '#features/correspondence/record-carriage.ts';
import { scrubWebhook } from '#features/gateway-accounts/scrub-rules.ts';
import { newId } from '#lib/ids.ts';

type Account = { id: string; organizationId: string };

/** Keep what a carrier tells as it came, secrets blanked, and ask for the work. Told again, it is nothing. */
export async function keepCarrierNews(
  tx: Tx,
  input: { account: Account; raw: string; news: CarrierNews },
  realNow: Date,
): Promise<undefined> {
  const { account, news } = input;
  const { organizationId } = account;
  const id = await keepRaw(tx, { ...input, hint: news }, realNow);
  if (id)
    await enqueue(tx, [
      {
        job: 'work-carrier-news',
        key: `carrier-news:${id}`,
        payload: { organizationId, webhookId: id },
      },
    ]);
}

/** Answers the row's id when it is new. */
export async function keepRaw(
  tx: Tx,
  input: { account: Account; raw: string; hint: { eventId: string } },
  realNow: Date,
): Promise<string | undefined> {
  const { account, hint } = input;
  const id = newId('webhook');
  const isNew = await tx.run(sql`
    insert into channel_webhooks (organization_id, id, channel_account_id, event_key, hint, raw, received_at)
    values (${account.organizationId}, ${id}, ${account.id}, ${hint.eventId.slice(0, 200)}, ${JSON.stringify(hint)},
      ${scrubWebhook(input.raw)}, ${realNow})
    on conflict do nothing`);
  return isNew > 0 ? id : undefined;
}

/** What else follows when a message's fate is known: a letter that came back puts its address in doubt. */
export type NewsWork = { returned?(tx: Tx, actor: Actor, told: Told, now: Date): Promise<void> };

/** Work what a carrier told: the message becomes what it says, if it was not further along already. */
export async function workCarrierNews(
  deps: { db: Database; newsWork: NewsWork },
  payload: { organizationId: string; webhookId: string },
  realNow: Date,
): Promise<void> {
  const { organizationId, webhookId } = payload;
  const actor: Actor = { kind: 'job', organizationId, name: 'work-carrier-news' };
  await deps.db.transaction(actor, async (tx) => {
    const row = await tx.row<{ hint: CarrierNews }>(sql`select hint from channel_webhooks
      where organization_id = ${organizationId} and id = ${webhookId} and worked_at is null for update`);
    if (!row) return;
    const told = await recordNews(tx, actor, { organizationId, news: row.hint }, realNow);
    if (told && row.hint.state === 'returned') await deps.newsWork.returned?.(tx, actor, told, realNow);
    await tx.run(sql`update channel_webhooks set worked_at = ${realNow}
      where organization_id = ${organizationId} and id = ${webhookId}`);
  });
}
