import { systemActor } from '#db/db.ts';
import { countTry } from '#features/portal-access/guards.ts';
import { type Ask, momentWords, secretOf } from '#features/portal-access/page-routes.ts';
import type { Payer } from '#features/portal-access/payer-routes.ts';
import { passwordHolds } from '#features/users/passwords.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';

/**
 * Whether the `current_password` of a form is the payer's own; undefined when it is. Whoever sits down at an
 * open browser gets no more guesses here than at the door.
 */
export async function passwordRefused(ask: Ask, payer: Payer, now: Date): Promise<FormState | undefined> {
  const { person, seller } = payer;
  const tried = await ask.app.db.transaction(systemActor('portal password'), (tx) =>
    countTry(tx, person.email, now),
  );
  if (tried.locked) {
    return { message: `Too many wrong passwords. Try again at ${momentWords(tried.locked, now, seller)}.` };
  }
  if (await passwordHolds(person.passwordHash, secretOf(ask.request, 'current_password'))) return undefined;
  return { errors: { current_password: 'This is not your current password.' } };
}
