import { sql } from 'kysely';
import { systemActor, type Tx } from '#db/db.ts';
import { outboxOf } from '#features/correspondence/outbox.ts';
import { addPasskey, beginPasskey } from '#features/users/passkeys/add-passkey.ts';
import * as api from '#features/users/passkeys/api.ts';
import { beginPasskeySignIn, signInByPasskey } from '#features/users/passkeys/sign-in-by-passkey.ts';
import { provePassword } from '#features/users/profile/prove-password.ts';
import { mailPerson, recordForPerson } from '#features/users/profile/tell-person.ts';
import { refuseHalfIn, refuseHalfInFirst } from '#features/users/second-factor/refuse-half-in.ts';
import { signedIn } from '#features/users/signed-in-routes.ts';
import { changedMail } from '#features/users/user-mails.ts';
import type { App } from '#http/app.ts';
import { servePublic } from '#http/serve.ts';
import { servePerson } from '#http/serve-person.ts';
import { refuseForeignOrigin } from '#http/session.ts';
import { snake } from '#lib/casing.ts';
import { must, notFound } from '#lib/errors.ts';

const actor = systemActor('passkey');
type Row = { id: string; name: string; isBackedUp: boolean; createdAt: Date; lastUsedAt: Date | null };

async function readPasskeys(tx: Tx, userId: string, id?: string) {
  const rows = await tx.rows<Row>(sql`
    select id, name, is_backed_up, created_at, last_used_at from passkeys
    where user_id = ${userId} and (${id ?? null}::text is null or id = ${id ?? null}) order by id limit 100`);
  return rows.map((row) => ({ object: 'passkey' as const, ...snake(row) }));
}

/** What a passkey has opened ends with one: nobody knows which. The session at hand stays, as it is now. */
async function endPasskeySessions(tx: Tx, who: { userId: string; sessionId: string }): Promise<void> {
  await tx.run(sql`delete from sessions where user_id = ${who.userId} and id <> ${who.sessionId}
    and second_factor = 'passkey'`);
  await tx.run(sql`update sessions set second_factor = null where id = ${who.sessionId} and second_factor = 'passkey'
    and not exists (select from passkeys where user_id = ${who.userId})`);
}

/** Passkeys: a sign-in without a password, and one's own. */
export function passkeyRoutes(app: App): void {
  const { db } = app;
  const { baseUrl } = app.config;
  const outbox = outboxOf(app.config);
  servePublic(app, api.beginPasskeySignIn, () => beginPasskeySignIn(db, baseUrl));
  servePublic(
    app,
    api.signInByPasskey,
    async (context) => {
      refuseForeignOrigin(app, context.request);
      return signedIn(context, await signInByPasskey(db, baseUrl, context.body.credential));
    },
    20,
  );
  servePerson(app, api.beginPasskey, async ({ person, body }) => {
    await refuseHalfInFirst(db, person);
    await provePassword(db, person, body.password);
    return beginPasskey(db, baseUrl, person);
  });
  const one = (userId: string, id: string) =>
    db.transaction(actor, async (tx) => must((await readPasskeys(tx, userId, id))[0], 'the passkey'));
  servePerson(app, api.addPasskey, async ({ person, body }) => {
    const { id } = await addPasskey(db, { baseUrl, outbox }, person, body);
    return one(person.userId, id);
  });
  servePerson(app, api.listPasskeys, async ({ person }) => ({
    object: 'list' as const,
    data: await db.transaction(actor, (tx) => readPasskeys(tx, person.userId)),
    has_more: false,
  }));
  servePerson(app, api.renamePasskey, async ({ person, params, body }) => {
    const named = await db.transaction(actor, (tx) =>
      tx.run(
        sql`update passkeys set name = ${body.name} where id = ${params.id} and user_id = ${person.userId}`,
      ),
    );
    if (named === 0) throw notFound('passkey', params.id);
    return one(person.userId, params.id);
  });
  servePerson(app, api.removePasskey, async ({ person, params: { id } }) => {
    const { userId, email } = person;
    await db.transaction(actor, async (tx) => {
      await refuseHalfIn(tx, person);
      const gone = await tx.row<{ name: string }>(
        sql`delete from passkeys where id = ${id} and user_id = ${userId} returning name`,
      );
      if (!gone) throw notFound('passkey', id);
      await endPasskeySessions(tx, person);
      await recordForPerson(tx, { userId }, 'user.passkey_removed', { name: gone.name });
      await mailPerson(tx, outbox, userId, changedMail(email, 'passkey_removed'));
    });
    return { object: 'passkey_removed' as const, id };
  });
}
