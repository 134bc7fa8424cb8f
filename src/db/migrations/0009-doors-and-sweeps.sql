-- Staff sign-in counts wrong passwords by the address that was tried, whether or not it is somebody's, as the portal does:
-- a lock that only known addresses have tells which are known.
alter table portal_guards rename to address_guards;
alter index portal_guards_last rename to address_guards_last;
alter table address_guards drop constraint portal_guards_kind_check;
alter table address_guards add constraint address_guards_kind_check
  check (kind in ('staff_sign_in', 'sign_in', 'confirmation', 'invitation', 'password_reset'));
alter table users drop column failed_sign_ins, drop column locked_until;

-- What is out of date is swept away once a day, found by these.
create index sessions_expires on sessions (expires_at);
create index link_tokens_expires on link_tokens (expires_at);
