import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageTypes } from '#features/correspondence/channel-rules.ts';
import { customerMailKinds, messageReaders, readerOf } from '#features/correspondence/message-kind-rules.ts';
import { wayToResend } from '#features/reports/rules.ts';

test('every kind is decided: a customer’s goes out again, what tells staff, speaks in a ticket or opens an account never', () => {
  const mail = { security: false, invoiceId: null, awaitsDocument: false };
  for (const [kind, reader] of Object.entries(messageReaders)) {
    assert.equal(wayToResend({ ...mail, kind }), reader === 'customer' ? 'copy' : 'refused', kind);
    assert.equal(
      customerMailKinds.some((each) => each === kind),
      reader === 'customer',
      kind,
    );
    if (kind.endsWith('_copy'))
      assert.equal(reader, kind === 'authorization_copy' ? 'customer' : 'staff', kind);
  }
  for (const type of messageTypes) assert.equal(readerOf(type), 'customer', type);
  for (const kind of ['card_expiring', 'card_expired']) assert.equal(readerOf(kind), 'customer', kind);
  assert.equal(wayToResend({ ...mail, kind: 'of a plugin that is gone' }), 'refused');
});
