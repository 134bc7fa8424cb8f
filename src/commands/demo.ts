import type { Command } from '#commands/command.ts';
import { numberOption } from '#commands/number-option.ts';
import { masterKey } from '#config.ts';
import { makeDemo } from '#demo/make-demo.ts';
import { outboxOf } from '#features/correspondence/outbox.ts';
import { makeSecrets } from '#lib/secrets.ts';
import { openForCommand } from '#open-database.ts';

export const demo: Command = {
  usage: '[--customers N] [--invoices N] [--seed N]   a sandbox organization with two years of history',
  options: { customers: { type: 'string' }, invoices: { type: 'string' }, seed: { type: 'string' } },
  async run({ config, values, say }) {
    const customers = numberOption('customers', values.customers, { otherwise: 40, most: 200_000 });
    const size = {
      customers: Math.max(1, customers),
      invoices: numberOption('invoices', values.invoices, { otherwise: 900, most: 2_000_000 }),
      seed: numberOption('seed', values.seed, { otherwise: 1, most: 2 ** 31 }),
      onProgress: (done: number, total: number) => say(`${done} of ${total} invoices`),
    };
    const database = await openForCommand(config);
    try {
      const made = await makeDemo(
        { db: database.db, secrets: makeSecrets(masterKey(config)), outbox: outboxOf(config) },
        size,
      );
      const result = {
        organization_id: made.organizationId,
        api_key: made.apiKey,
        email: made.email,
        password: made.password,
        base_url: config.baseUrl,
        customers: made.customers,
        invoices: made.invoices,
      };
      const text = [
        `\nOrganization ${made.organizationId}`,
        `API key      ${made.apiKey}`,
        `Sign in at   ${config.baseUrl}/console`,
        `E-mail       ${made.email}`,
        `Password     ${made.password}`,
      ].join('\n');
      return { result, text };
    } finally {
      await database.close();
    }
  },
};
