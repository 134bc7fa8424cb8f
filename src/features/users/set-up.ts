import { sql } from 'kysely';
import type { z } from 'zod';
import { type Database, systemActor } from '#db/db.ts';
import { createOrganization } from '#features/organizations/create-organization.ts';
import { setLogo } from '#features/organizations/set-logo.ts';
import { createUser } from '#features/users/create-user.ts';
import type { setUpOrganization } from '#features/users/first-start/api.ts';
import { claimInstallation, closeInstallation } from '#features/users/installation.ts';
import { hashPassword } from '#features/users/passwords.ts';
import { passwordProblem } from '#features/users/rules.ts';
import { systemNow } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import type { Secrets } from '#lib/secrets.ts';

/** What first start needs from outside: keys for the sandbox gateway, and the maker of the sample company. */
export type SetUp = {
  secrets: Secrets;
  newSandboxKeys(): { secretKey: string; publishableKey: string };
  sample(token: string): Promise<{ userId: string; organizationId: string }>;
};

/** The second door: my own business, its first user with every right, and the link is used up. */
export async function setUpBusiness(
  db: Database,
  deps: Pick<SetUp, 'secrets' | 'newSandboxKeys'>,
  input: z.output<(typeof setUpOrganization)['body']>,
): Promise<{ userId: string; organizationId: string }> {
  const problem = passwordProblem(input.password, input.email);
  if (problem)
    throw new Refusal('invalid_request', {
      message: problem,
      param: 'password',
      fields: { password: problem },
    });
  const passwordHash = await hashPassword(input.password);
  const actor = systemActor('installation');
  const now = systemNow();
  return db.transaction(actor, async (tx) => {
    const { tokenId } = await claimInstallation(tx, input.token, now);
    const known = await tx.row(sql`select 1 as known from users where lower(email) = lower(${input.email})`);
    if (known)
      throw new Refusal('conflict', {
        message: 'Somebody has this e-mail address already. Sign in instead.',
        param: 'email',
      });
    const { organizationId } = await createOrganization(
      tx,
      actor,
      {
        name: input.name,
        mode: input.mode,
        currency: input.currency,
        timeZone: input.time_zone,
        address: input.address,
        email: input.email,
        brandColor: input.brand_color,
        sandboxKeys: deps.newSandboxKeys(),
        secrets: deps.secrets,
      },
      now,
    );
    if (input.logo) {
      await setLogo(
        tx,
        actor,
        {
          organizationId,
          contentType: input.logo.content_type,
          bytes: Buffer.from(input.logo.base64, 'base64'),
        },
        now,
      );
    }
    const { userId } = await createUser(
      tx,
      actor,
      {
        organizationId,
        email: input.email,
        firstName: input.first_name,
        lastName: input.last_name,
        passwordHash,
        roles: ['superuser'],
        operator: true,
      },
      now,
    );
    await closeInstallation(tx, tokenId, now);
    return { userId, organizationId };
  });
}
