import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type CustomerAction,
  type CustomerTraits,
  type InvoiceAction,
  type InvoiceTraits,
  refusalOfCustomer,
  refusalOfInvoice,
  reminderType,
} from '#features/bulk-actions/rules.ts';

const open: InvoiceTraits = {
  issued: true,
  voided: false,
  owed: true,
  covered: false,
  reserved: false,
  writtenOff: false,
  paidSome: false,
  hasEmail: true,
  sentToday: false,
  remindersOff: false,
  customerRemindersOff: false,
  doNotContact: false,
  rests: false,
};

test('an invoice is left out of an action by the first rule that keeps it, and else it is done', () => {
  const cases: [InvoiceAction, Partial<InvoiceTraits>, string | undefined][] = [
    ['send', {}, undefined],
    ['send', { issued: false }, 'draft'],
    ['send', { voided: true }, 'void'],
    ['send', { owed: false }, undefined],
    ['send', { owed: false, writtenOff: true }, 'written_off'],
    ['send', { hasEmail: false }, 'no_email'],
    ['send', { sentToday: true }, 'sent_today'],
    ['send', { remindersOff: true, doNotContact: true }, undefined],
    ['remind', {}, undefined],
    ['remind', { owed: false }, 'paid'],
    ['remind', { covered: true, reserved: true }, 'payment_under_way'],
    ['remind', { reserved: true }, undefined],
    ['remind', { remindersOff: true }, 'reminders_off'],
    ['remind', { customerRemindersOff: true }, 'customer_reminders_off'],
    ['remind', { doNotContact: true }, 'do_not_contact'],
    ['remind', { rests: true }, 'rests'],
    ['remind', { sentToday: true }, 'sent_today'],
    ['remind', { hasEmail: false }, 'no_email'],
    ['void', {}, undefined],
    ['void', { issued: false }, 'draft'],
    ['void', { voided: true }, 'void'],
    ['void', { reserved: true }, 'payment_under_way'],
    ['void', { paidSome: true }, 'has_payments'],
    ['void', { hasEmail: false, sentToday: true }, undefined],
    ['reminders_off', {}, undefined],
    ['reminders_off', { remindersOff: true }, 'already'],
    ['reminders_on', {}, 'already'],
    ['reminders_on', { voided: true, remindersOff: true }, 'void'],
    ['issue', {}, 'issued'],
    ['issue', { issued: false, hasEmail: false }, undefined],
    ['issue', { voided: true }, 'issued'],
    ['delete_drafts', {}, 'issued'],
    ['delete_drafts', { issued: false }, undefined],
    ['pdf_zip', { voided: true }, undefined],
    ['pdf_print', { issued: false }, undefined],
  ];
  for (const [action, change, rule] of cases)
    assert.equal(
      refusalOfInvoice(action, { ...open, ...change }),
      rule,
      `${action} ${JSON.stringify(change)}`,
    );
});

test('a customer is left out likewise', () => {
  const active: CustomerTraits = {
    active: true,
    merged: false,
    owes: true,
    hasEmail: true,
    same: false,
    portalState: 'never_invited',
  };
  const cases: [CustomerAction, Partial<CustomerTraits>, string | undefined][] = [
    ['send_statement', {}, undefined],
    ['send_statement', { active: false }, undefined],
    ['send_statement', { owes: false }, 'nothing_due'],
    ['send_statement', { hasEmail: false }, 'no_email'],
    ['invite', {}, undefined],
    ['invite', { active: false }, 'inactive'],
    ['invite', { portalState: 'active' }, 'in_portal'],
    ['invite', { hasEmail: false }, 'no_email'],
    ['set_type', { same: true }, 'already'],
    ['set_policy', {}, undefined],
    ['deactivate', {}, undefined],
    ['deactivate', { active: false }, 'already'],
    ['reactivate', {}, 'already'],
    ['reactivate', { active: false }, undefined],
    ['reactivate', { active: false, merged: true }, 'merged'],
  ];
  for (const [action, change, rule] of cases)
    assert.equal(
      refusalOfCustomer(action, { ...active, ...change }),
      rule,
      `${action} ${JSON.stringify(change)}`,
    );
});

test('the reminder of a day follows from the due date alone', () => {
  assert.deepEqual(
    ['2026-03-01', '2026-03-02', '2026-03-03'].map((due) => reminderType(due, '2026-03-02')),
    ['payment_past_due', 'payment_due', 'upcoming_payment'],
  );
});
