-- A second factor and passkeys for staff, what a session was opened with, and a sign-in that moves to another address.

alter table organizations add column require_second_factor boolean not null default false;
alter table sessions add column second_factor text check (second_factor in ('app', 'recovery_code', 'passkey'));

-- One person's authenticator app. A new one is tried before it takes the place of the one before.
create table authenticator_apps (
  user_id id primary key references users,
  -- Sealed with the installation's key, like all that opens something.
  secret bytea,
  confirmed_at timestamptz,
  -- The time step of the last code that was taken: none is taken twice.
  last_step bigint not null default 0,
  pending_secret bytea,
  pending_at timestamptz,
  check ((secret is null) = (confirmed_at is null))
);

create table recovery_codes (
  user_id id not null references users,
  code_hash text not null,
  created_at timestamptz not null,
  used_at timestamptz,
  primary key (user_id, code_hash)
);

create table passkeys (
  id id primary key,
  user_id id not null references users,
  credential_id text collate "C" not null unique,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  name text not null check (length(name) between 1 and 60),
  is_backed_up boolean not null,
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index passkeys_user on passkeys (user_id);

-- What a sign-in or a new passkey waits for: taken once, and soon too old.
create table sign_in_challenges (
  hash text primary key,
  kind text not null check (kind in ('second_step', 'passkey_registration', 'passkey_sign_in')),
  user_id id references users,
  expires_at timestamptz not null
);
create index sign_in_challenges_expires on sign_in_challenges (expires_at);
create index sign_in_challenges_user on sign_in_challenges (user_id) where user_id is not null;

-- A sign-in moves when the link at the new address is opened, and back by the one at the old address.
create table email_changes (
  id id primary key,
  user_id id not null references users,
  old_email text not null,
  new_email text not null,
  token_hash text not null unique,
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  changed_at timestamptz,
  undo_hash text unique,
  undo_until timestamptz,
  undone_at timestamptz
);
create index email_changes_user on email_changes (user_id);
create index email_changes_expires on email_changes (expires_at);

grant select, insert, update, delete on authenticator_apps, recovery_codes, passkeys, sign_in_challenges, email_changes
  to owed_system;

alter table address_guards
  drop constraint address_guards_kind_check,
  add constraint address_guards_kind_check check (kind in ('staff_sign_in', 'sign_in', 'confirmation', 'invitation',
    'password_reset', 'staff_password_reset', 'staff_second_step', 'staff_email_change'));
