-- The audit log by time, by kind of act and by who did it; staff who sign in through an OpenID provider; and mails that
-- a press in the mail program stops.

create index events_time on events (organization_id, occurred_at, id);
create index events_kind on events (organization_id, type, occurred_at, id);
-- Of what people and keys did: payers and the machine itself write most events, and are not asked for one by one.
create index events_actor on events (organization_id, actor_id, type, occurred_at, id)
  where actor_kind in ('user', 'api_key');

-- docs/decisions/0020-oidc.md. Issuer and reach stay as they were made: a subject is somebody only at its issuer.
create table oidc_providers (
  organization_id id not null references organizations,
  id id not null,
  label text not null check (length(label) between 1 and 60),
  issuer text not null check (length(issuer) <= 500),
  client_id text not null check (length(client_id) between 1 and 500),
  client_secret bytea,
  -- For everybody of this installation; only its operators make one.
  for_all boolean not null default false,
  email_domains text[] not null default '{}',
  links_by_email boolean not null,
  -- An operator saved it as it is: its addresses are believed, and its button stands on the sign-in page.
  trusted boolean not null default false,
  creates_users boolean not null,
  first_roles text[] not null default '{}',
  first_own_roles text[] not null default '{}',
  password_allowed boolean not null default true,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organization_id, id),
  check (not creates_users
    or (cardinality(email_domains) > 0 and cardinality(first_roles) + cardinality(first_own_roles) > 0))
);
create index oidc_providers_for_all on oidc_providers (id) where for_all;
create index oidc_providers_domains on oidc_providers using gin (email_domains);
call wall_off('oidc_providers');

-- Who a person is at a provider.
create table user_identities (
  organization_id id not null,
  id id not null,
  provider_id id not null,
  user_id id not null references users,
  subject text not null check (length(subject) between 1 and 255),
  email text,
  created_at timestamptz not null,
  last_used_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, provider_id) references oidc_providers
);
create unique index user_identities_subject on user_identities (organization_id, provider_id, subject);
create index user_identities_user on user_identities (user_id);
call wall_off('user_identities');

-- A sign-in under way, of no organization: the browser has the other half of it, and each is used once.
create table oidc_attempts (
  state_hash text primary key,
  browser_hash text not null,
  provider_id id not null,
  -- Who connects the provider to a sign-in there is; null for a sign-in.
  user_id id references users,
  nonce text not null,
  code_verifier text not null,
  return_to text,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index oidc_attempts_expiry on oidc_attempts (expires_at);
grant select, insert, update, delete on oidc_attempts to owed_system;

-- RFC 8058: where a mail program sends the wish to get no more of these.
alter table messages add column unsubscribe_url text;

-- Who comes through a provider was asked there for what the organization wants (docs/decisions/0020-oidc.md).
alter table sessions drop constraint sessions_second_factor_check,
  add constraint sessions_second_factor_check check (second_factor in ('app', 'recovery_code', 'passkey', 'provider'));
