-- A list as a file, made in the background: what was asked, in whose name it is read, and how far it is.
create table list_files (
  organization_id id not null references organizations,
  id id not null,
  list text not null check (length(list) between 1 and 60),
  format text not null check (format in ('csv', 'xlsx')),
  -- The filter and the order as the list's own address spells them.
  search jsonb not null,
  -- The rows that were ticked; null: all that the filter finds.
  chosen text[],
  -- What whoever reads the list needs, and all that whoever asked was allowed: it is read as they would read it.
  scope text not null,
  held text[] not null,
  state text not null check (state in ('running', 'done', 'cancelled', 'failed')),
  -- How often it was begun: what fails each time is given up.
  tries int not null default 0,
  rows_done bigint not null default 0,
  user_id id,
  created_at timestamptz not null,
  finished_at timestamptz,
  download_id id,
  primary key (organization_id, id),
  foreign key (organization_id, download_id) references downloads on delete set null (download_id)
);
create index list_files_finished on list_files (finished_at) where finished_at is not null;
call wall_off('list_files');

-- Everything as an archive is given up in the same way.
alter table data_exports drop constraint data_exports_state_check,
  add constraint data_exports_state_check check (state in ('running', 'done', 'cancelled', 'failed')),
  add column tries int not null default 0;

-- Views are kept of more lists: which ones the server knows.
alter table saved_views drop constraint saved_views_list_check,
  add constraint saved_views_list_check check (length(list) between 1 and 60);
alter table default_views drop constraint default_views_list_check,
  add constraint default_views_list_check check (length(list) between 1 and 60);
