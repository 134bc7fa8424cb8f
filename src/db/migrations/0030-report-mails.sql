-- Reports that go out by mail, on days of the organization's own zone.
create table report_mails (
  organization_id id not null references organizations,
  id id not null,
  -- A key of the catalogue, and its filter as it was asked for.
  report text not null check (length(report) between 1 and 60),
  filter jsonb not null default '{}',
  format text not null check (format in ('csv', 'xlsx', 'pdf')),
  every text not null check (every in ('day', 'week', 'month')),
  -- Of a week: Monday is 1. Of a month: its last day where it is shorter.
  on_day smallint not null default 1 check (on_day between 1 and 31),
  recipients text[] not null check (cardinality(recipients) between 1 and 20),
  starts_on date not null,
  sent_for date,
  created_at timestamptz not null,
  stopped_at timestamptz,
  primary key (organization_id, id),
  constraint weekday_of_a_week check (every <> 'week' or on_day <= 7)
);
create index report_mails_running on report_mails (organization_id, id) where stopped_at is null;
call wall_off('report_mails');
