import assert from 'node:assert/strict';
import { colleague, password } from './colleague.ts';
import type { FakeIssuer } from './fake-issuer.ts';
import { OidcBrowser } from './oidc-browser.ts';
import { testDemo, testServer } from './server.ts';

let domains = 0;
export type HouseRules = {
  links_by_email?: boolean;
  creates_users?: boolean;
  password_allowed?: boolean;
  first_roles?: string[];
  for_all?: boolean;
};

/** An organization with a provider for a domain of its own, and its owner, signed in. */
export async function oidcHouse(issuer: FakeIssuer, rules: HouseRules = {}) {
  const { organizationId } = await testDemo();
  domains += 1;
  const domain = `house${domains}.example`;
  const owner = await colleague(organizationId, {
    roles: ['superuser'],
    email: `owner@${domain}`,
    operator: rules.for_all ?? false,
  });
  const desk = new OidcBrowser();
  await desk.ask('POST', '/v1/session', { email: owner.email, password });
  const made = await desk.ask('POST', '/v1/oidc-providers', {
    label: `Idp ${domains}`,
    issuer: issuer.url,
    client_id: issuer.clientId,
    client_secret: issuer.clientSecret,
    email_domains: [domain],
    links_by_email: true,
    creates_users: false,
    first_roles: [],
    password_allowed: true,
    ...rules,
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const { parts } = await testServer();
  await parts.db.pool.query('update oidc_providers set trusted = true where id = $1', [made.body.id]);
  issuer.faults = {};
  return { organizationId, domain, owner, desk, providerId: made.body.id as string };
}
