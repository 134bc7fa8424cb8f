import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Claims,
  decideConnect,
  decideSignIn,
  issuerProblem,
  ownPath,
  type Person,
  type ProviderRules,
} from '#features/oidc/rules.ts';

const here = 'org_here';
const there = 'org_there';
const provider: ProviderRules = {
  organizationId: here,
  forAll: false,
  emailDomains: ['example.com'],
  linksByEmail: true,
  createsUsers: true,
};
const claims: Claims = {
  subject: 's-1',
  email: 'ada@example.com',
  emailVerified: true,
  firstName: 'Ada',
  lastName: 'Lee',
};
const ada: Person = { userId: 'usr_ada', isDisabled: false, isOperator: false, worksFor: [here] };
const nobody = { connected: undefined, sameEmail: undefined };

test('an account is connected by its address only when the provider has verified it and the rules allow it', () => {
  const known = { connected: undefined, sameEmail: ada };
  assert.deepEqual(decideSignIn(provider, claims, known), { link: 'usr_ada' });
  assert.deepEqual(decideSignIn(provider, { ...claims, emailVerified: false }, known), {
    refuse: 'unverified_email',
  });
  assert.deepEqual(decideSignIn({ ...provider, linksByEmail: false }, claims, known), {
    refuse: 'not_connected',
  });
  assert.deepEqual(decideSignIn(provider, { ...claims, email: undefined }, known), { refuse: 'no_email' });
  assert.deepEqual(decideSignIn(provider, { ...claims, email: 'ada@example.com.evil.test' }, known), {
    refuse: 'other_domain',
  });
});

test('a provider of one organization signs in nobody who works elsewhere, and no operator', () => {
  const both = { ...ada, worksFor: [here, there] };
  for (const known of [
    { connected: both, sameEmail: undefined },
    { connected: undefined, sameEmail: both },
    { connected: { ...ada, isOperator: true }, sameEmail: undefined },
  ])
    assert.deepEqual(decideSignIn(provider, claims, known), { refuse: 'works_elsewhere' });
  assert.deepEqual(
    decideSignIn(provider, claims, { connected: { ...ada, worksFor: [there] }, sameEmail: undefined }),
    {
      refuse: 'no_account',
    },
  );
  const all = { ...provider, forAll: true };
  assert.deepEqual(decideSignIn(all, claims, { connected: both, sameEmail: undefined }), {
    enter: 'usr_ada',
  });
});

test('who is connected needs no address; who is disabled is not let in, by whichever way', () => {
  const bare = { ...claims, email: undefined, emailVerified: false };
  assert.deepEqual(decideSignIn(provider, bare, { connected: ada, sameEmail: undefined }), {
    enter: 'usr_ada',
  });
  for (const gone of [
    { ...ada, isDisabled: true },
    { ...ada, worksFor: [] },
  ]) {
    assert.deepEqual(decideSignIn(provider, claims, { connected: gone, sameEmail: undefined }), {
      refuse: 'disabled',
    });
    assert.deepEqual(decideSignIn(provider, claims, { connected: undefined, sameEmail: gone }), {
      refuse: 'disabled',
    });
    assert.equal(decideConnect(provider, gone, undefined), 'disabled');
  }
});

test('a newcomer gets a user only where the rules say so', () => {
  assert.deepEqual(decideSignIn(provider, claims, nobody), { create: { email: 'ada@example.com' } });
  assert.deepEqual(decideSignIn({ ...provider, createsUsers: false }, claims, nobody), {
    refuse: 'no_account',
  });
});

test('an account of a provider belongs to one person', () => {
  assert.equal(decideConnect(provider, ada, { ...ada, userId: 'usr_other' }), 'taken');
  assert.equal(decideConnect(provider, ada, ada), undefined);
  assert.equal(decideConnect(provider, { ...ada, worksFor: [here, there] }, undefined), 'works_elsewhere');
});

test('after a sign-in the way leads to a page of the console and nowhere else', () => {
  assert.equal(ownPath('/invoices?status=open'), '/invoices?status=open');
  for (const path of ['//evil.test', 'https://evil.test', '/\\evil.test', '/sign-in', '', undefined])
    assert.equal(ownPath(path), undefined, String(path));
});

test('an issuer is a bare https address, and not one of everybody’s', () => {
  assert.equal(issuerProblem('https://accounts.google.com'), undefined);
  assert.equal(issuerProblem('http://localhost:8080/realms/owed'), undefined);
  for (const [issuer, words] of [
    ['http://idp.example.com', /https/],
    ['accounts.google.com', /address/],
    ['https://idp.example.com/?a=1', /bare/],
    ['https://login.microsoftonline.com/common/v2.0', /tenant/],
  ] as const)
    assert.match(issuerProblem(issuer) ?? '', words, issuer);
});
