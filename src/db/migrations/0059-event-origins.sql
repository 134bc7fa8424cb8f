-- From where something was done: apart from the events, which are kept for ever, because an address is personal data and is
-- forgotten (docs/decisions/0022-origins-of-acts.md). It is a row of the organization in which it was done.
create table event_origins (
  organization_id id not null,
  event_id id not null,
  ip text not null,
  user_agent text not null,
  -- By the server's clock: one of a practice organization may be moved.
  kept_since timestamptz not null default now(),
  -- Events are never deleted, so a foreign key would only lock each of them once more.
  primary key (organization_id, event_id)
);
create index event_origins_age on event_origins (kept_since);
call wall_off('event_origins');
revoke update, delete on event_origins from owed_app;
