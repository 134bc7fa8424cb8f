-- What is done with many rows of a list at once, how a list is looked at again, and everything as one file.

-- A file that was made for somebody to fetch: in parts, so that neither making nor handing it over holds it whole.
create table downloads (
  organization_id id not null references organizations,
  id id not null,
  file_name text not null check (length(file_name) between 1 and 200),
  -- Who fetches it needs all of these.
  scopes text[] not null,
  size_bytes bigint not null default 0,
  hash text not null default '',
  made_at timestamptz not null,
  -- When whoever makes it was last heard of, by the machine's clock: nobody else begins it anew meanwhile.
  touched_at timestamptz not null,
  -- Null while it is being made.
  ready_at timestamptz,
  expires_at timestamptz not null,
  primary key (organization_id, id)
);
create index downloads_expired on downloads (expires_at);
create table download_parts (
  organization_id id not null references organizations,
  download_id id not null,
  part_no int not null,
  bytes bytea not null,
  primary key (organization_id, download_id, part_no),
  foreign key (organization_id, download_id) references downloads on delete cascade
);
alter table download_parts alter column bytes set storage external;
call wall_off('downloads');
call wall_off('download_parts');

-- One action for many rows: those that were chosen one by one, or all that a filter finds. Rows are worked through by
-- their id, and done_through says how far: a second worker, or one after a crash, repeats nothing.
create table bulk_actions (
  organization_id id not null references organizations,
  id id not null,
  subject text not null check (subject in ('invoices', 'customers')),
  action text not null check (length(action) between 1 and 40),
  settings jsonb not null,
  -- Either the rows, or the filter as the list spells it.
  chosen text[],
  filter jsonb,
  state text not null check (state in ('running', 'done', 'cancelled')),
  total int not null,
  done int not null default 0,
  refused int not null default 0,
  done_through text collate "C" not null default '',
  user_id id,
  asked_on date not null,
  created_at timestamptz not null,
  finished_at timestamptz,
  download_id id,
  primary key (organization_id, id),
  foreign key (organization_id, download_id) references downloads on delete set null (download_id)
);
call wall_off('bulk_actions');

-- What became of each row; the rule says why a refused one was left out.
create table bulk_action_rows (
  organization_id id not null references organizations,
  bulk_action_id id not null,
  row_id text collate "C" not null,
  label text not null,
  rule text,
  reason text,
  primary key (organization_id, bulk_action_id, row_id),
  foreign key (organization_id, bulk_action_id) references bulk_actions on delete cascade
);
create index bulk_action_rows_refused on bulk_action_rows (organization_id, bulk_action_id, row_id) where rule is not null;
call wall_off('bulk_action_rows');

-- A list as somebody wants to see it again. Whose it is may be nobody of today: then it stays with the organization.
create table saved_views (
  organization_id id not null references organizations,
  id id not null,
  list text not null check (list in ('invoices', 'customers', 'payments')),
  user_id id not null,
  shared boolean not null,
  name text not null check (length(name) between 1 and 60),
  -- As the address of the list spells it.
  search jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organization_id, id)
);
create unique index saved_views_own_name on saved_views (organization_id, list, user_id, lower(name)) where not shared;
create unique index saved_views_shared_name on saved_views (organization_id, list, lower(name)) where shared;
call wall_off('saved_views');
-- With which view somebody opens a list.
create table default_views (
  organization_id id not null references organizations,
  user_id id not null,
  list text not null check (list in ('invoices', 'customers', 'payments')),
  saved_view_id id not null,
  primary key (organization_id, user_id, list),
  foreign key (organization_id, saved_view_id) references saved_views on delete cascade
);
create index default_views_view on default_views (organization_id, saved_view_id);
call wall_off('default_views');

-- Everything that an organization has, as one archive.
create table data_exports (
  organization_id id not null references organizations,
  id id not null,
  state text not null check (state in ('running', 'done', 'cancelled')),
  with_files boolean not null,
  with_pdfs boolean not null,
  -- How many entries there are in all, how many are written, and which one is being written.
  entries int not null default 0,
  entries_done int not null default 0,
  rows_done bigint not null default 0,
  now_writing text not null default '',
  user_id id,
  created_at timestamptz not null,
  finished_at timestamptz,
  download_id id,
  primary key (organization_id, id),
  foreign key (organization_id, download_id) references downloads on delete set null (download_id)
);
-- One at a time.
create unique index data_exports_running on data_exports (organization_id) where state = 'running';
call wall_off('data_exports');

-- A note that everybody should see first; the lowest place stands on top.
alter table customer_notes add column pinned_place int;
create index customer_notes_pinned on customer_notes (organization_id, customer_id, pinned_place)
  where pinned_place is not null;

-- The list of customers of one type, by name.
create index customers_type_name on customers (organization_id, customer_type, name_key, id)
  where customer_type is not null;

-- Whose relationship has ended is not charged by itself any more.
alter table autopays drop constraint autopays_ended_why_check, add constraint autopays_ended_why_check
  check (ended_why in ('by_staff', 'by_payer', 'card_expired', 'method_blocked', 'method_removed', 'method_refused',
    'customer_inactive'));
