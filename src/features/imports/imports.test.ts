import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { given } from '../../../test/support/imports.ts';

describe('bringing in files', () => {
  it('brings in customers and invoices from our own templates', async () => {
    const own = await given.organization();
    await own.bringIn('customers', own.template('customers'));
    const batch = await own.bringIn('invoices', own.template('invoices'));
    assert.deepEqual([batch.state, batch.createdCount, batch.rowsRejected], ['imported', 1, 0]);
    await own.isSound();
  });
});
