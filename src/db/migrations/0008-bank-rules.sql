-- The rules of bank debits as data (money.md, 6): what each return code means and does, how often a debit may be sent,
-- and how many may come back. Tables of no organization: everybody reads them, only a migration writes them.
create table ach_return_codes (
  code text collate "C" not null check (code ~ '^R[0-9]{2}$'),
  -- What has no known date holds from the first day of this table.
  effective_from date not null default '2000-01-01',
  effective_to date check (effective_to > effective_from),
  title text not null,
  -- For staff; for the payer as the end of "your bank returned it: …"; and what the payer can do.
  meaning text not null,
  payer_words text not null default 'the bank could not carry out this debit',
  payer_advice text not null default 'Pay with a card or from another bank account, or ask your bank.',
  category text not null default 'other' check (category in ('unauthorized', 'administrative', 'funds', 'other')),
  -- The stored account: still good; held back; or done for, so that only a newly stored one helps.
  method text not null default 'block' check (method in ('keep', 'block', 'remove')),
  stop_autopay boolean not null default true,
  may_retry text not null default 'never' check (may_retry in ('never', 'after_new_authorization', 'twice_within_180_days')),
  return_window text not null default '2 banking days',
  source text not null,
  -- Where sources disagree: how, and that the stricter one holds.
  note text,
  severity text not null default 'block' check (severity in ('block', 'warn', 'inform')),
  primary key (code, effective_from),
  constraint only_kept_methods_retry check ((may_retry = 'twice_within_180_days') = (method = 'keep'))
);

insert into ach_return_codes (code, title, meaning, payer_words, payer_advice, category, method, stop_autopay, may_retry,
  return_window, source, note, severity) values
('R01', 'Insufficient funds', 'The account did not hold enough money for the debit.',
  'there was not enough money in the account', 'Make sure that the account holds the amount and pay again, or use a card.',
  'funds', 'keep', false, 'twice_within_180_days', '2 banking days',
  'https://www.epcor.org/nycu-stories/january-april2021/the-rules-behind-reinitiated-entries.html', null, 'warn'),
('R09', 'Uncollected funds', 'Money is in the account, but not yet available to draw on.',
  'the money in the account was not yet available', 'Pay again once the money is available, or use a card.',
  'funds', 'keep', false, 'twice_within_180_days', '2 banking days',
  'https://www.epcor.org/nycu-stories/january-april2021/the-rules-behind-reinitiated-entries.html', null, 'warn'),
('R02', 'Account closed', 'The account existed and has been closed.',
  'the account is closed', 'Pay with a card or from another bank account.',
  'administrative', 'remove', true, 'never', '2 banking days',
  'https://legalclarity.org/nacha-return-rate-thresholds-and-monitoring-requirements/', null, 'block'),
('R03', 'No account found', 'The bank finds no such account, or its holder has another name.',
  'no such account was found at the bank', 'Store the account again with its right numbers, or pay with a card.',
  'administrative', 'remove', true, 'never', '2 banking days',
  'https://legalclarity.org/nacha-return-rate-thresholds-and-monitoring-requirements/', null, 'block'),
('R04', 'Invalid account number', 'The account number cannot be right: its digits do not add up or are too few or too many.',
  'the account number is not valid', 'Store the account again with its right numbers, or pay with a card.',
  'administrative', 'remove', true, 'never', '2 banking days',
  'https://legalclarity.org/nacha-return-rate-thresholds-and-monitoring-requirements/', null, 'block'),
('R05', 'Not authorized: consumer account', 'A consumer’s account was debited as if it were a company’s.',
  'the account holder did not authorize this kind of debit', 'Pay with a card, or store the account again and agree anew.',
  'unauthorized', 'remove', true, 'after_new_authorization', '60 calendar days',
  'https://legalclarity.org/nacha-return-rate-thresholds-and-monitoring-requirements/', null, 'block'),
('R07', 'Authorization revoked', 'The customer had agreed to debits and has taken that back.',
  'the authorization was revoked', 'Pay with a card, or store the account again and agree anew.',
  'unauthorized', 'remove', true, 'after_new_authorization', '60 calendar days',
  'https://docs.moderntreasury.com/payments/docs/ach-return-risk-thresholds', null, 'block'),
('R08', 'Payment stopped', 'The account holder asked the bank to stop this one payment.',
  'the payment was stopped', 'Pay with a card, or store the account again and agree anew.',
  'other', 'block', true, 'after_new_authorization', '2 banking days',
  'https://stockmanbank.com/business-ag/ach-services/reinitiating-returned-items',
  'One source lets only R01 and R09 be sent again, another this code too after a new authorization; without one it is refused.',
  'block'),
('R10', 'Not authorized', 'The account holder told the bank that nobody was allowed to make this debit.',
  'the account holder told the bank that the debit was not authorized',
  'If you did agree, tell your bank; then pay with a card, or store the account again and agree anew.',
  'unauthorized', 'remove', true, 'after_new_authorization', '60 calendar days',
  'https://docs.moderntreasury.com/payments/docs/ach-return-risk-thresholds', null, 'block'),
('R11', 'Not as agreed', 'The account holder agreed to debits, but not to this amount or this day.',
  'the account holder told the bank that the debit was not as agreed',
  'Pay with a card, or store the account again and agree anew.',
  'unauthorized', 'remove', true, 'after_new_authorization', '60 calendar days',
  'https://legalclarity.org/nacha-return-rate-thresholds-and-monitoring-requirements/',
  'Some lists count it as unauthorized and some do not, some let the error be put right and sent once more, and older ones '
  'call it a check truncation return. It counts as unauthorized and is not sent again without a new authorization.', 'block'),
('R16', 'Account frozen', 'The bank or a court has frozen the account.',
  'the account is frozen', 'Pay with a card or from another bank account, and ask your bank.',
  'other', 'remove', true, 'never', '2 banking days', 'code list of the trade; consequence inferred', null, 'block'),
('R20', 'No debits on this account', 'The account is of a kind that takes no debits, such as some savings accounts.',
  'this account takes no debits', 'Pay with a card or from a checking account.',
  'other', 'remove', true, 'never', '2 banking days', 'code list of the trade; consequence inferred', null, 'block'),
('R29', 'Not authorized: company account', 'The company told its bank that nobody was allowed to make this debit.',
  'the company told its bank that the debit was not authorized',
  'If you did agree, ask your bank to let our debits through; then store the account again, or pay with a card.',
  'unauthorized', 'remove', true, 'after_new_authorization', '2 banking days',
  'https://docs.moderntreasury.com/payments/docs/ach-return-risk-thresholds', null, 'block'),
('R51', 'Check behind the debit not eligible', 'The check that this debit stands for was not one that may be sent as a debit.',
  'the account holder told the bank that the debit was not authorized', 'Pay with a card or by a new check.',
  'unauthorized', 'remove', true, 'after_new_authorization', '60 calendar days',
  'https://legalclarity.org/nacha-return-rate-thresholds-and-monitoring-requirements/', null, 'block');

-- The others hold the account back and are never sent again: processors block an account after any code but R01 and R09.
insert into ach_return_codes (code, title, meaning, source, note)
select c.code, c.title, c.meaning, 'code list of the trade; consequence inferred',
  'Sources give the name of this code and no consequence; the strictest one of them all is taken.'
from (values
('R06', 'Returned at our bank’s request', 'Our own bank asked for this debit back. Ask it why.'),
('R12', 'Account moved to another bank', 'The branch was sold, and the account is with another bank now.'),
('R13', 'Bank not reachable', 'The routing number belongs to no bank that takes debits.'),
('R14', 'Representative has died', 'The person who acted for the account holder has died.'),
('R15', 'Account holder has died', 'The account holder, or the person paid for, has died.'),
('R17', 'Entry cannot be processed', 'The bank could not process the entry, or its account looks wrong.'),
('R18', 'Wrong effective date', 'The day for which the entry was sent cannot be.'),
('R19', 'Amount in error', 'The amount in the entry cannot be read or cannot be.'),
('R21', 'Company unknown', 'The bank does not know the company id in the entry.'),
('R22', 'Payer id unknown', 'The bank does not know the id by which the entry names the payer.'),
('R23', 'Credit refused', 'The account holder refused money that was sent.'),
('R24', 'Duplicate', 'The bank holds the entry for one that it has had already.'),
('R25', 'Addendum in error', 'The note that goes with the entry is wrong.'),
('R26', 'Field missing', 'A field that must be there is empty.'),
('R27', 'Trace number in error', 'The number by which the entry is traced is wrong.'),
('R28', 'Routing number in error', 'The routing number fails its check digit.'),
('R30', 'No check truncation', 'The bank takes no part in the program that the entry belongs to.'),
('R31', 'Late return by consent', 'Our bank agreed to a late return of a company’s debit.'),
('R32', 'Bank cannot settle', 'The payer’s bank cannot settle the entry.'),
('R33', 'Destroyed check returned', 'The debit stood for a check that was destroyed, and is returned.'),
('R34', 'Bank takes part in little', 'The authorities have limited what the payer’s bank may take part in.'),
('R35', 'Debit not allowed here', 'No debit may be sent to this kind of entry or account.'),
('R36', 'Credit not allowed here', 'No credit may be sent to this kind of entry or account.'),
('R37', 'Check paid as well', 'The check behind the debit was paid itself.'),
('R38', 'Check was stopped', 'The check behind the debit was stopped.'),
('R39', 'Check not usable', 'The check behind the debit may not be sent as a debit.'),
('R50', 'State law stands against it', 'The law of the payer’s state bars a debit for a returned check.'),
('R52', 'Returned check was stopped', 'The returned check that the debit stands for was stopped.'),
('R53', 'Returned check paid as well', 'The returned check that the debit stands for was presented too.'),
('R61', 'Return went astray', 'Between the banks: a return was sent to the wrong bank.'),
('R62', 'Reversal was in error', 'Between the banks: a reversal or its debit was in error.'),
('R67', 'Returned twice', 'Between the banks: the same entry was returned twice.'),
('R68', 'Returned too late', 'Between the banks: the return came after its time.'),
('R69', 'Return in error', 'Between the banks: fields of the return are wrong.'),
('R70', 'Consent to return denied', 'Between the banks: a return by consent came without consent.'),
('R71', 'Dishonored return went astray', 'Between the banks: a dishonored return reached the wrong bank.'),
('R72', 'Dishonored too late', 'Between the banks: the dishonored return came after its time.'),
('R73', 'Return was in time', 'Between the banks: the payer’s bank says that its return was in time.'),
('R74', 'Return put right', 'Between the banks: the payer’s bank has corrected its return.'),
('R75', 'Return was no duplicate', 'Between the banks: the payer’s bank says that it returned once.'),
('R76', 'Return had no error', 'Between the banks: the payer’s bank finds its return right.'),
('R77', 'Dishonored return not accepted', 'Between the banks: the payer’s bank does not take the return back.'),
('R80', 'Abroad: entry wrongly coded', 'The entry to a bank abroad is wrongly coded.'),
('R81', 'Abroad: bank takes no part', 'The bank takes no part in debits from abroad.'),
('R82', 'Abroad: bank unknown', 'The id of the bank abroad is wrong.'),
('R83', 'Abroad: cannot settle', 'The bank abroad cannot settle the entry.'),
('R84', 'Abroad: not passed on', 'The gateway between the countries did not pass the entry on.'),
('R85', 'Abroad: sent as domestic', 'The payment goes abroad and was coded as if it did not.')) as c(code, title, meaning);

-- How often, and how many. A limit of a share is in basis points of what was sent; "near" is where a warning begins.
create table ach_limits (
  key text collate "C" not null check (key in ('unauthorized', 'administrative', 'overall', 'submissions')),
  effective_from date not null default '2000-01-01',
  effective_to date check (effective_to > effective_from),
  title text not null,
  limit_value int not null check (limit_value > 0),
  near_value int not null check (near_value > 0 and near_value <= limit_value),
  unit text not null check (unit in ('bps', 'count')),
  window_days int not null check (window_days > 0),
  source text not null,
  note text,
  severity text not null check (severity in ('block', 'warn', 'inform')),
  primary key (key, effective_from)
);
insert into ach_limits (key, title, limit_value, near_value, unit, window_days, source, note, severity) values
('unauthorized', 'Unauthorized returns', 50, 35, 'bps', 60,
  'https://legalclarity.org/nacha-return-rate-thresholds-and-monitoring-requirements/',
  'R11 is in one list of unauthorized codes and not in all; it is counted.', 'warn'),
('administrative', 'Administrative returns', 300, 210, 'bps', 60,
  'https://legalclarity.org/nacha-return-rate-thresholds-and-monitoring-requirements/', null, 'warn'),
('overall', 'All returns', 1500, 1050, 'bps', 60,
  'https://legalclarity.org/nacha-return-rate-thresholds-and-monitoring-requirements/', null, 'warn'),
('submissions', 'Submissions of one debit', 3, 3, 'count', 180,
  'https://www.epcor.org/nycu-stories/january-april2021/the-rules-behind-reinitiated-entries.html', null, 'block');

grant select on ach_return_codes, ach_limits to owed_app, owed_portal, owed_system;

-- The rule for a code on a day. A code that no row knows has none: who asks takes the strictest.
create function ach_return_code(of text, day date) returns setof ach_return_codes language sql stable as $$
  select * from ach_return_codes where code = of and effective_from <= day and (effective_to is null or day < effective_to)
  order by effective_from desc limit 1
$$;
grant execute on function ach_return_code(text, date) to owed_app, owed_portal, owed_system;

-- A stored account that a return code blocked: since when, and which code.
alter table payment_methods add column blocked_at timestamptz, add column blocked_code text,
  add constraint blocked_with_reason check (blocked_code is null or blocked_at is not null);

-- A bank's notice that an account has changed, taken over once for each payment and code.
create table bank_changes (
  organization_id id not null references organizations,
  payment_id id not null,
  code text collate "C" not null,
  payment_method_id id not null,
  corrected_last4 text,
  recorded_at timestamptz not null,
  primary key (organization_id, payment_id, code),
  foreign key (organization_id, payment_id) references payments,
  foreign key (organization_id, payment_method_id) references payment_methods
);
call wall_off('bank_changes');
revoke update, delete on bank_changes from owed_app, owed_system;

-- What came back of the debits sent in these days; and what became of one method's debits.
create index payments_bank_submitted on payments (organization_id, submitted_at)
  where kind = 'bank_account' and submitted_at is not null;
create index payments_bank_method on payments (organization_id, payment_method_id)
  where kind = 'bank_account' and payment_method_id is not null;
