import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultTemplate } from '#features/correspondence/templates.ts';
import { adviseTemplate, channelsOfTemplate, templateTypes } from '#features/templates/rules.ts';

const subject = (text: string) =>
  adviseTemplate('payment_past_due', 'email', { subject: text, body: 'Hello' }).map((each) => each.words);

test('our own words take our own advice', () => {
  for (const type of templateTypes)
    for (const channel of channelsOfTemplate(type))
      if (type !== 'invoice')
        assert.deepEqual(
          adviseTemplate(type, channel, defaultTemplate(type, channel)).filter(
            ({ words }) => !/several parts|portal\.link/.test(words),
          ),
          [],
          `${type} ${channel}`,
        );
});

test('what leads to the spam folder is named, each with its remedy', () => {
  const one = (text: string, said: RegExp) => assert.match(subject(text).join('\n'), said, text);
  one('', /without one/);
  one('Payment reminder', /\{\{invoice\.number\}\}/);
  one('INVOICE {{invoice.number}} PAST DUE', /shouting/);
  one('FINAL NOTICE for invoice {{invoice.number}}', /“FINAL NOTICE”/);
  one('Invoice {{invoice.number}} is due!!', /exclamation/);
  one('URGENT: invoice {{invoice.number}}', /“urgent”/);
  one('Act now and get a FREE gift, invoice {{invoice.number}}', /“act now”, “free”/);
  one(`Invoice {{invoice.number}} ${'very '.repeat(20)}late`, /70 letters/);
});

test('what only looks like it is left alone', () => {
  for (const text of [
    'Invoice {{invoice.number}} is past due',
    'Freedom Ltd: invoice {{invoice.number}}',
    'Invoice {{invoice.number}} from ACME',
    'Tax-free invoice {{invoice.number}}',
    'Thank you! Invoice {{invoice.number}}',
  ])
    assert.deepEqual(subject(text), [], text);
});

test('a text message is told to name its sender, to lead somewhere, and to be short', () => {
  const advice = adviseTemplate('payment_due', 'sms', { subject: '', body: `${'word '.repeat(40)}` });
  assert.equal(advice.length, 3);
  const ok = { subject: '', body: '{{organization.name}}: {{invoice.number}} is due. {{portal.link}}' };
  assert.deepEqual(adviseTemplate('payment_due', 'sms', ok), []);
});
