import path from 'node:path';
import type { Command } from '#commands/command.ts';
import { makeParts } from '#compose.ts';
import { masterKey } from '#config.ts';
import { startSandboxGateway } from '#connectors/gateways/sandbox/sandbox-server.ts';
import { advanceClock } from '#features/organizations/advance-clock.ts';
import { Refusal } from '#lib/errors.ts';
import { isId } from '#lib/ids.ts';
import { makeSecrets } from '#lib/secrets.ts';
import { openForCommand } from '#open-database.ts';

export const clock: Command = {
  usage: 'advance 40d --organization ID   move a sandbox clock, doing what falls due on the way',
  options: { organization: { type: 'string' } },
  async run({ config, values, positionals }) {
    const days = Number(/^(\d{1,3})d$/.exec(positionals[1] ?? '')?.[1] ?? 0);
    if (positionals[0] !== 'advance' || days < 1 || days > 400) {
      throw new Refusal(
        'invalid_request',
        'Say how far, in days: owed clock advance 40d --organization org_…',
      );
    }
    const organizationId = String(values.organization ?? '');
    if (!isId('organization', organizationId))
      throw new Refusal('invalid_request', 'Say which organization: --organization org_…');
    const database = await openForCommand(config);
    // The server, when it runs, has the sandbox gateway open already; its journal takes one writer.
    const running = !database.embedded || config.sandboxGatewayUrl !== undefined;
    const sandbox = running
      ? undefined
      : await startSandboxGateway({ port: 0, dataDir: path.join(config.dataDir, 'sandbox-gateway') });
    const sandboxUrl =
      config.sandboxGatewayUrl ?? `http://127.0.0.1:${sandbox?.port ?? config.sandboxGatewayPort}`;
    try {
      const parts = makeParts({
        db: database.db,
        secrets: makeSecrets(masterKey(config)),
        config,
        sandboxUrl,
      });
      const { now } = await advanceClock(
        database.db,
        parts.dailyWork,
        { kind: 'job', organizationId, name: 'owed clock' },
        days,
      );
      return {
        result: { organization_id: organizationId, days, now: now.toISOString() },
        text: `It is ${now.toISOString()} there now.`,
      };
    } finally {
      await sandbox?.stop();
      await database.close();
    }
  },
};
