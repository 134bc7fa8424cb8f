-- Roles as sets of permissions, invitations, a user who is disabled in one organization and works on in another, and
-- how long a session may rest.

-- Own roles. The built-in ones are code (src/lib/roles.ts).
create table roles (
  organization_id id not null references organizations,
  id id not null,
  name text not null check (length(name) between 1 and 60),
  scopes text[] not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organization_id, id)
);
create unique index roles_name on roles (organization_id, lower(name));
call wall_off('roles');

-- `add_ons` could do what `dashboard` could.
update organization_users set roles = array_replace(roles, 'add_ons', 'dashboard') where 'add_ons' = any(roles);
alter table organization_users
  drop constraint organization_users_roles_check,
  add constraint organization_users_roles_check check (roles <@ array[
    'superuser', 'settings_manager', 'receivables', 'payments', 'collections', 'report_viewer', 'dashboard']),
  add column own_roles text[] not null default '{}',
  add column disabled_at timestamptz;

create table user_invitations (
  organization_id id not null references organizations,
  id id not null,
  email text not null,
  first_name text not null,
  last_name text not null,
  roles text[] not null,
  own_roles text[] not null default '{}',
  created_at timestamptz not null,
  sent_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz,
  primary key (organization_id, id)
);
create unique index user_invitations_open on user_invitations (organization_id, lower(email))
  where accepted_at is null and revoked_at is null;
call wall_off('user_invitations');

alter table link_tokens
  drop constraint link_tokens_purpose_check,
  add constraint link_tokens_purpose_check check (purpose in
    ('installation', 'staff_sign_in', 'portal_invitation', 'email_confirmation', 'password_reset', 'staff_invitation',
     'staff_password_reset'));
create index link_tokens_user on link_tokens (user_id) where user_id is not null;
create index link_tokens_email on link_tokens (organization_id, lower(email)) where purpose = 'staff_invitation';
alter table address_guards
  drop constraint address_guards_kind_check,
  add constraint address_guards_kind_check check (kind in ('staff_sign_in', 'sign_in', 'confirmation', 'invitation',
    'password_reset', 'staff_password_reset'));

-- How long a session of staff may rest.
alter table organizations
  add column idle_minutes int not null default 15 check (idle_minutes between 5 and 720);
