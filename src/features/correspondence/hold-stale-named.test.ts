import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { readWaiting } from '#features/correspondence/hold-stale.ts';
import { given } from '../../../test/support/given.ts';

type Plan = { 'Relation Name'?: string; 'Index Cond'?: string; Plans?: Plan[] };
const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** By what each of these tables is entered, besides the organization. */
const entered: Record<string, RegExp> = {
  messages: /\bid\)?(::text)? = /,
  invoices: /\((customer_id|id)\)?(::text)? = /,
  disputes: /\(invoice_id\)?(::text)? = /,
  promises_to_pay: /\(invoice_id\)?(::text)? = /,
};

for (const mode of ['force_generic_plan', 'force_custom_plan'])
  test(`what a message asks for is looked up by index, never all that is open: ${mode}`, async () => {
    const books = await given.organization();
    const [row] = await books.tx(async (tx) => {
      // However few rows there are, as with many.
      await tx.run(sql`set local enable_seqscan = off`);
      await tx.run(sql`select set_config('plan_cache_mode', ${mode}, true)`);
      return tx.rows<{ 'QUERY PLAN': { Plan: Plan }[] }>(
        sql`explain (format json) ${readWaiting(books.organizationId, ['msg_1'], books.now)}`,
      );
    });
    const nodes = nodesOf(row?.['QUERY PLAN'][0]?.Plan ?? assert.fail('no plan'));
    for (const [table, by] of Object.entries(entered)) {
      const scans = nodes.filter((node) => node['Relation Name'] === table);
      assert.ok(scans.length > 0, table);
      for (const scan of scans) assert.match(scan['Index Cond'] ?? 'none', by, table);
    }
    const ways = nodes.filter((node) => node['Relation Name'] === 'invoices');
    assert.equal(ways.length, 2, 'one invoice by its id, or those of customers');
  });
