-- Notices to staff: what an organization's people are told of, each by the channel of the own choice.

-- One row for each piece of news, however many people read it: who may see it, and how it reaches them, is asked
-- when it is read or mailed.
create table notices (
  organization_id id not null references organizations,
  id id not null,
  kind text not null,
  -- The same news is told once.
  key text not null check (length(key) between 1 and 200),
  title text not null check (length(title) between 1 and 300),
  detail text not null default '' check (length(detail) <= 300),
  -- The page of the console that it is about, after /console.
  path text not null check (path like '/%'),
  customer_id id,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers on delete cascade
);
create unique index notices_key on notices (organization_id, key);
create index notices_newest on notices (organization_id, kind, id desc);
create index notices_customer on notices (organization_id, customer_id) where customer_id is not null;
call wall_off('notices');

-- How far a person has read, and been sent the digest; the token is in the link that stops mails.
create table notice_readers (
  organization_id id not null references organizations,
  user_id id not null,
  stop_token text not null,
  seen_through text not null default '',
  digest_through text not null default '',
  primary key (organization_id, user_id),
  foreign key (organization_id, user_id) references organization_users on delete cascade
);
create unique index notice_readers_token on notice_readers (stop_token);
call wall_off('notice_readers');

-- Single notices that were opened before all of them were marked as read.
create table notice_reads (
  organization_id id not null references organizations,
  user_id id not null,
  notice_id id not null,
  primary key (organization_id, user_id, notice_id),
  foreign key (organization_id, user_id) references organization_users on delete cascade,
  foreign key (organization_id, notice_id) references notices on delete cascade
);
create index notice_reads_notice on notice_reads (organization_id, notice_id);
call wall_off('notice_reads');

-- What somebody has chosen. The reader is a user's id, a role's name, `everyone`, or `addresses`: the list of
-- addresses of the organization that get its notices.
create table notice_choices (
  organization_id id not null references organizations,
  reader text not null check (length(reader) between 1 and 60),
  kind text not null,
  channel text not null check (channel in ('mail', 'digest', 'console', 'off')),
  primary key (organization_id, reader, kind)
);
call wall_off('notice_choices');

-- An organization's role may not read users; what a notice needs of them it gets here, of its own people alone.
create function staff_readers() returns table
  (user_id text, email text, first_name text, roles text[], own_scopes text[])
  language sql stable security definer set search_path = public, pg_temp as $$
  select u.id::text, u.email, u.first_name, ou.roles, coalesce((select array_agg(distinct s.scope) from roles r,
    unnest(r.scopes) as s(scope) where r.organization_id = ou.organization_id and r.id = any(ou.own_roles)), '{}')
  from organization_users ou join users u on u.id = ou.user_id
  where ou.organization_id = current_setting('owed.organization_id', true) and u.disabled_at is null
    and ou.disabled_at is null
  order by u.id
$$;
revoke execute on function staff_readers() from public;
grant execute on function staff_readers() to owed_app;

-- How the business speaks to its customers: who a mail is from, who is asked, and what stands at its head and foot.
alter table organizations add column sender_name text check (length(sender_name) between 1 and 200),
  add column support_email text, add column support_phone text,
  add column mail_header text check (length(mail_header) <= 300),
  add column mail_footer text check (length(mail_footer) <= 1000);
