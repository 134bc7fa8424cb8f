import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { checkTemplate, mergeFields, mergeLine, mergeText } from '#features/correspondence/merge-fields.ts';

describe('merge fields', () => {
  test('every field there is may be saved, with or without spaces inside', () => {
    for (const field of Object.keys(mergeFields))
      assert.deepEqual(checkTemplate(`a {{${field}}} b {{ ${field} }}`), []);
    assert.deepEqual(checkTemplate('No field at all, only { braces } of one kind.'), []);
  });

  test('an unknown field is refused by its name, and the one that was meant is offered', () => {
    assert.deepEqual(checkTemplate('Hello {{customer.frist_name}}'), [
      'There is no field {{customer.frist_name}}. Did you mean {{customer.first_name}}?',
    ]);
    assert.deepEqual(checkTemplate('{{due_date}}'), [
      'There is no field {{due_date}}. Did you mean {{invoice.due_date}}?',
    ]);
    assert.deepEqual(checkTemplate('{{a wholly different thing}} {{constructor}}').length, 2);
  });

  test('a tag that is not closed is refused', () => {
    for (const text of ['{{invoice.number', 'invoice.number}}', '{{ {{invoice.number}}']) {
      assert.equal(checkTemplate(text).length, 1, text);
    }
  });

  test('an empty value leaves no hole and never shows its tag', () => {
    const values = { 'customer.first_name': '', 'invoice.number': '1001' };
    assert.equal(mergeText('Hello {{customer.first_name}},', values), 'Hello,');
    assert.equal(mergeText('{{customer.first_name}} welcome', values), 'welcome');
    assert.equal(
      mergeText('Dear {{customer.first_name}} {{customer.last_name}} of {{invoice.number}}.', values),
      'Dear of 1001.',
    );
    assert.equal(mergeText('a  {{customer.first_name}}  b', values), 'a b');
  });

  test('lines of a template stay lines; a value is one line whatever it holds', () => {
    assert.equal(
      mergeText('Hello\n\n{{customer.first_name}}\nBye', { 'customer.first_name': 'Ana\r\nBcc: x' }),
      'Hello\n\nAna Bcc: x\nBye',
    );
    assert.equal(mergeLine('a\nb {{invoice.number}}', { 'invoice.number': '7\n8' }), 'a b 7 8');
  });

  test('a value that looks like a field or like markup stays the text it is', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const merged = mergeText('[{{customer.display_name}}]', {
          'customer.display_name': name,
          'invoice.number': 'SECRET',
        });
        assert.equal(merged, `[${name.replace(/\s+/g, ' ').trim()}]`);
      }),
      { examples: [['{{invoice.number}}'], ['$& $1'], ['<b>']] },
    );
  });
});
