import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  isCategoryOf,
  mailSubject,
  nextState,
  plainContext,
  plainPath,
  plainText,
  type TicketAct,
  ticketStates,
  withoutCards,
} from '#features/support/rules.ts';
import { newId } from '#lib/ids.ts';
import { newToken } from '#lib/secrets.ts';

suite('the rules of tickets', () => {
  test('each act leads where a reader would expect', () => {
    const table: Record<TicketAct, string> = {
      asker_answers: 'new open open open open',
      desk_answers: 'waiting waiting waiting waiting waiting',
      work_on: 'open open waiting solved closed',
      solve: 'solved solved solved solved closed',
      reopen: 'new open open open open',
      rest: 'new open closed closed closed',
    };
    for (const [act, after] of Object.entries(table))
      assert.equal(ticketStates.map((state) => nextState(state, act as TicketAct)).join(' '), after, act);
  });

  test('a card number is cut to its last four digits, whatever stands between them; what is none stays', () => {
    assert.equal(withoutCards('card 4242 4242 4242 4242, 12/29'), 'card •••• 4242, 12/29');
    assert.equal(withoutCards('378282246310005.'), '•••• 0005.');
    assert.equal(withoutCards('4242-4242-4242-4242'), '•••• 4242');
    const others = [
      '4242 4242 4242 4241',
      'call +1 207 555 0134',
      'invoice 20261122000451',
      '12345678901234567890123',
    ];
    for (const words of others) assert.equal(withoutCards(words), words);
  });

  test('a page that somebody was on is told without its query and without what opens it', () => {
    const invoice = newId('invoice');
    const signature = 'Zk3-9_aBcDeFgHiJkLmNoP';
    assert.equal(plainPath(`/i/${invoice}/${signature}?x=1`), `/i/${invoice}/…`);
    assert.equal(plainPath(`/portal/reset/${newToken()}`), '/portal/reset/…');
    assert.equal(plainPath('/console/customers?q=ana'), '/console/customers');
    assert.equal(plainPath('https://elsewhere.example/x'), '');
  });

  test('what a form fills in holds no key, link or card number', () => {
    const key = `owed_${newToken()}`;
    const request = newId('request');
    const told = plainText(`Key ${key} at https://owed.test/q/1/2 card 4242424242424242, request ${request}`);
    assert.equal(told, `Key … at (link) card •••• 4242, request ${request}`);
    assert.deepEqual(
      plainContext({ page: '/portal', requestId: 'drop me', version: '<script>', browser: 'Moz\u0000illa' }),
      { page: '/portal', browser: 'Mozilla' },
    );
  });

  test('each desk has categories of its own, and a mail names its ticket once', () => {
    assert.ok(isCategoryOf('organization', 'invoice') && !isCategoryOf('host', 'invoice'));
    assert.ok(!isCategoryOf('organization', 'constructor'));
    assert.equal(mailSubject({ subject: 'Hours', number: 7 }), 'Re: Hours [#7]');
    assert.equal(mailSubject({ subject: 'RE: Hours', number: 7 }), 'RE: Hours [#7]');
  });
});
