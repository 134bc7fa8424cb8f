import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerTo, consentWords, keywordOf, mayText } from '#features/text-consents/consent-rules.ts';

test('each word of the carriers’ list is a keyword, and so is a plain request; a message to a person is none', () => {
  for (const word of [
    'STOP',
    'StopAll',
    'stop all',
    'UNSUBSCRIBE',
    'cancel',
    'End',
    'QUIT',
    'revoke',
    'OPT-OUT',
    'optout',
    'please stop texting me',
    'Stop!!',
  ])
    assert.equal(keywordOf(word), 'stop', word);
  for (const word of ['START', 'yes', 'UnStop']) assert.equal(keywordOf(word), 'start', word);
  for (const word of ['HELP', 'info?']) assert.equal(keywordOf(word), 'help', word);
  for (const words of ['I will stop by tomorrow', 'yes please call me', 'the end of the month', ''])
    assert.equal(keywordOf(words), undefined, words);
});

test('STOP is above every consent, and a consent counts until it is taken back', () => {
  assert.equal(mayText({ byPhone: undefined, byCustomer: [] }), 'no_consent');
  assert.equal(mayText({ byPhone: undefined, byCustomer: ['given'] }), true);
  assert.equal(mayText({ byPhone: 'stop', byCustomer: ['given'] }), 'stopped');
  assert.equal(mayText({ byPhone: 'start', byCustomer: ['withdrawn'] }), 'no_consent');
  assert.equal(mayText({ byPhone: 'start', byCustomer: ['withdrawn', 'given'] }), true);
});

test('what is agreed to and what is answered name who writes, and fit one text', () => {
  assert.match(consentWords('Smith', '(512) 555-0100').text, /^I agree that Smith may .*STOP.*HELP/);
  const from = { name: 'A'.repeat(200), contact: '(512) 555-0100' };
  for (const keyword of ['stop', 'start', 'help'] as const)
    assert.ok(answerTo(keyword, from).length <= 320 && answerTo(keyword, from).startsWith('AAA'));
});
