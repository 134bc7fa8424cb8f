-- Credit of a host's plan is money with its tax. What was given before that was net of tax, and lowered what was taxed: lines
-- that carried it were taxed themselves, or stood on invoices without any tax. It is taken as it was given.
alter table billing_subscriptions
  add column net_credit minor_units not null default 0 check (net_credit >= 0);
update billing_subscriptions s set net_credit = least(s.credit, g.net), credit = s.credit - least(s.credit, g.net)
  from (select i.organization_id, i.customer_id, sum(l.amount)::bigint as net
    from invoices i join invoice_lines l on l.organization_id = i.organization_id and l.invoice_id = i.id
    where i.external_id like 'billing %' and i.voided_at is null and l.description = 'Carried to the next invoice' and l.amount > 0
      and (l.taxes <> '[]' or not exists (select from invoice_taxes t where t.organization_id = i.organization_id
        and t.invoice_id = i.id and t.tax <> 0))
    group by 1, 2) g
  where g.organization_id = s.organization_id and g.customer_id = s.customer_id and s.credit > 0;
