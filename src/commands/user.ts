import { sql } from 'kysely';
import type { Command } from '#commands/command.ts';
import type { Config } from '#config.ts';
import { systemActor } from '#db/db.ts';
import { createUser } from '#features/users/create-user.ts';
import { hashPassword } from '#features/users/passwords.ts';
import { recordForPerson } from '#features/users/profile/tell-person.ts';
import { passwordProblem, plainEmail } from '#features/users/rules.ts';
import { forgetSecondFactors } from '#features/users/second-factor/reset-second-factor.ts';
import { systemNow } from '#lib/dates.ts';
import { zEmail } from '#lib/endpoint.ts';
import { Refusal } from '#lib/errors.ts';
import { isId } from '#lib/ids.ts';
import { newToken } from '#lib/secrets.ts';
import { openForCommand } from '#open-database.ts';

export const user: Command = {
  usage:
    'create --organization ID --email E --first-name F --last-name L [--role superuser] [--password P] | reset-second-factor --email E',
  options: {
    organization: { type: 'string' },
    email: { type: 'string' },
    'first-name': { type: 'string' },
    'last-name': { type: 'string' },
    role: { type: 'string' },
    password: { type: 'string' },
  },
  async run({ config, values, positionals }) {
    if (positionals[0] === 'reset-second-factor') return resetSecondFactor(config, values.email);
    if (positionals[0] !== 'create')
      throw new Refusal(
        'invalid_request',
        'owed user create --organization org_… --email …, or owed user reset-second-factor --email …',
      );
    const organizationId = String(values.organization ?? '');
    if (!isId('organization', organizationId))
      throw new Refusal('invalid_request', 'Say which organization: --organization org_…');
    const email = zEmail.safeParse(values.email);
    if (!email.success) throw new Refusal('invalid_request', '--email must be an e-mail address.');
    const password = typeof values.password === 'string' ? values.password : newToken().slice(0, 20);
    const problem = passwordProblem(password, email.data);
    if (problem) throw new Refusal('invalid_request', `--password: ${problem}`);
    const passwordHash = await hashPassword(password);
    const database = await openForCommand(config);
    try {
      const actor = systemActor('owed user');
      const made = await database.db.transaction(actor, async (tx) => {
        const known = await tx.row(sql`select 1 as known from organizations where id = ${organizationId}`);
        if (!known) throw new Refusal('not_found', `There is no organization ${organizationId}.`);
        return createUser(
          tx,
          actor,
          {
            organizationId,
            email: email.data,
            passwordHash,
            firstName: String(values['first-name'] ?? ''),
            lastName: String(values['last-name'] ?? ''),
            roles: [String(values.role ?? 'superuser')],
          },
          systemNow(),
        );
      });
      const shown = made.isNew ? { password } : {};
      const text = made.isNew
        ? `User ${made.userId}\nPassword ${password}`
        : `User ${made.userId} already had a password and keeps it.`;
      return { result: { user_id: made.userId, email: email.data, ...shown }, text };
    } finally {
      await database.close();
    }
  },
};

/** For an only owner without phone and recovery codes: whoever has the machine may open the door. */
async function resetSecondFactor(config: Config, given: unknown) {
  const email = zEmail.safeParse(given);
  if (!email.success) throw new Refusal('invalid_request', '--email must be an e-mail address.');
  const database = await openForCommand(config);
  try {
    const userId = await database.db.transaction(systemActor('owed user'), async (tx) => {
      const person = await tx.row<{ id: string }>(
        sql`select id from users where lower(email) = ${plainEmail(email.data)}`,
      );
      if (!person) throw new Refusal('not_found', `Nobody signs in as ${email.data}.`);
      await forgetSecondFactors(tx, person.id);
      await recordForPerson(
        tx,
        { userId: person.id, by: systemActor('owed user') },
        'user.second_factor_reset',
        { email: email.data },
      );
      return person.id;
    });
    return { result: { user_id: userId }, text: `${email.data} signs in with the password alone.` };
  } finally {
    await database.close();
  }
}
