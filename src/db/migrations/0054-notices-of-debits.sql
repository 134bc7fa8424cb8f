-- What one notice told of is charged together, and nothing else with it: each debit is of the amount that its notice named.
-- Of notices from before, those of the same day, for the same day and under the same terms were one.
alter table autopay_notices add notice_id id;
