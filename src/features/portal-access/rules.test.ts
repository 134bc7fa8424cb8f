import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agreementVersions } from '#features/portal-access/agreement-text.ts';
import {
  hasNews,
  invitationRefusal,
  linkProblem,
  nextStep,
  safeNext,
  sameEmail,
  sectionsOf,
} from '#features/portal-access/rules.ts';
import { nextMailAt, withMail } from '#features/users/rules.ts';

const now = new Date('2026-03-02T15:00:00Z');
const before = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000);

test('the next step is the first that is still open, in the order of the sign-up', () => {
  const steps = (profiles: number, confirmed: boolean, accepted: boolean) =>
    nextStep({ profiles, emailConfirmedAt: confirmed ? now : null, agreementAccepted: accepted });
  assert.deepEqual(
    [steps(0, false, false), steps(0, true, true), steps(1, false, false), steps(1, false, true)],
    ['choose', 'choose', 'confirm', 'confirm'],
  );
  assert.deepEqual([steps(2, true, false), steps(2, true, true)], ['agreement', 'active']);
});

test('an address gets three mails an hour and ten a day, and is told when the next may go', () => {
  assert.equal(nextMailAt([], now), undefined);
  assert.equal(nextMailAt([before(1), before(2)], now), undefined);
  assert.deepEqual(
    nextMailAt([before(50), before(10), before(5)], now),
    new Date(now.getTime() + 10 * 60_000),
  );
  assert.equal(nextMailAt([before(61), before(10), before(5)], now), undefined);
  const tenToday = Array.from({ length: 10 }, (_, at) => before(100 + at * 60));
  assert.deepEqual(nextMailAt(tenToday, now), new Date(before(640).getTime() + 86_400_000));
  assert.equal(withMail([before(1500), before(3)], now).length, 2, 'yesterday no longer counts');
});

test('a link opens what it was made for, once, while it lives', () => {
  const link = { purpose: 'password_reset', expiresAt: new Date(now.getTime() + 1), usedAt: null };
  assert.equal(linkProblem(link, 'password_reset', now), undefined);
  assert.equal(linkProblem(link, 'email_confirmation', now), 'unknown');
  assert.equal(linkProblem(undefined, 'password_reset', now), 'unknown');
  assert.equal(linkProblem({ ...link, usedAt: before(1) }, 'password_reset', now), 'used');
  assert.equal(linkProblem({ ...link, expiresAt: now, usedAt: before(1) }, 'password_reset', now), 'expired');
});

test('each customer that cannot be invited says why', () => {
  const facts = { email: 'a@example.com', active: true, portalState: 'never_invited', recentSends: [] };
  const refusal = (change: object) => invitationRefusal({ ...facts, ...change }, now) ?? 'none';
  assert.equal(refusal({}), 'none');
  assert.equal(refusal({ portalState: 'email_unconfirmed', recentSends: [before(2)] }), 'none');
  assert.match(refusal({ email: null }), /no e-mail/);
  assert.match(refusal({ active: false }), /inactive/);
  assert.match(refusal({ portalState: 'active' }), /active in the portal already/);
  assert.match(refusal({ recentSends: [before(5), before(4), before(3)] }), /in 55 minutes/);
});

test('after signing in one is led to pages of the portal and nowhere else', () => {
  for (const path of [
    '/portal',
    '/portal/history',
    '/portal/invoices/inv_1',
    '/portal/payments/pay_1/receipt',
  ]) {
    assert.equal(safeNext(path), path);
  }
  for (const path of [
    '//evil.example',
    'https://evil.example/portal',
    '/portal/../v1',
    '/portal/sign-out',
    '/console',
    '',
    '/portal/history?x=//evil',
    '/portal\n/x',
  ]) {
    assert.equal(safeNext(path), undefined, path);
  }
});

test('an invitation newer than the last sign-in is news, until its profile is chosen', () => {
  const offer = { invitedAt: before(5), chosen: false };
  assert.equal(hasNews([offer], before(10)), true);
  assert.equal(hasNews([offer], before(1)), false);
  assert.equal(
    hasNews(
      [
        { ...offer, chosen: true },
        { invitedAt: null, chosen: false },
      ],
      null,
    ),
    false,
  );
});

test('addresses are the same whatever their capitals and surrounding space', () => {
  assert.ok(sameEmail(' Ap@Northwind.example', 'ap@northwind.EXAMPLE '));
  assert.ok(!sameEmail('ap@northwind.example', 'ap+1@northwind.example'));
});

test('the agreement reads as sections with headings', () => {
  const sections = sectionsOf(agreementVersions[0]?.text ?? '');
  assert.equal(sections.length, 8);
  assert.ok(sections.every((section) => section.heading && section.paragraphs.length > 0));
  assert.deepEqual(sectionsOf('Words before.\n\nMore.'), [{ paragraphs: ['Words before.', 'More.'] }]);
});
