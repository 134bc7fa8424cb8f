import type { Command } from '#commands/command.ts';
import { systemActor } from '#db/db.ts';
import { declareHost } from '#features/billing/declare-host.ts';
import { systemNow } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { isId } from '#lib/ids.ts';
import { openForCommand } from '#open-database.ts';

export const host: Command = {
  usage: 'ORGANIZATION [--off]   bill the other organizations of this installation with it',
  options: { off: { type: 'boolean' } },
  async run({ config, values, positionals }) {
    const organizationId = positionals[0] ?? '';
    if (!isId('organization', organizationId))
      throw new Refusal('invalid_request', 'Say which organization is the host: owed host org_…');
    const hosts = values.off !== true;
    const database = await openForCommand(config);
    try {
      const { name } = await database.db.transaction(systemActor('owed host'), (tx) =>
        declareHost(tx, systemActor('owed host'), { organizationId, hosts }, systemNow()),
      );
      return {
        result: { organization_id: organizationId, hosts },
        text: hosts
          ? `${name} bills the other organizations from now on. Make plans under Settings, Billing.`
          : `${name} bills no other organization any more.`,
      };
    } finally {
      await database.close();
    }
  },
};
