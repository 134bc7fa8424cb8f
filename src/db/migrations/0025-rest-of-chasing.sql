-- What was left of chasing: late fees as invoices of their own (docs/decisions/0013), area codes, ceilings of an
-- organization's own, and what finds messages and customers quickly.

-- How a late fee is booked: on its invoice, as an invoice of its own, or told to connected books as a sales receipt.
alter table late_fee_policies
  add column booking text not null default 'on_invoice' check (booking in ('on_invoice', 'own_invoice', 'receipt')),
  -- Of an invoice of its own: what its line is called, and how long there is to pay it.
  add column own_item text not null default 'Late fee' check (length(own_item) between 1 and 100),
  add column own_due_days smallint not null default 14 check (own_due_days between 0 and 365);

-- The invoice that a fee is booked as; on its invoice where there is none.
alter table late_fees add column own_invoice_id id,
  add foreign key (organization_id, own_invoice_id) references invoices;
create unique index late_fees_own_invoice on late_fees (organization_id, own_invoice_id) where own_invoice_id is not null;

-- An invoice over a late fee names the invoice that was late.
alter table invoices add column late_fee_of id,
  add constraint invoices_late_fee_of foreign key (organization_id, late_fee_of) references invoices;
create index invoices_over_late_fees on invoices (organization_id, late_fee_of) where late_fee_of is not null;

-- Where a telephone number is from, by its area code: the state whose hours and clocks hold there too. Numbers are taken
-- along when people move, so it counts beside the address, and the strictest of both holds.
create table area_codes (
  country text not null,
  code text not null check (code ~ '^[2-9][0-9]{2}$'),
  region text not null,
  source text not null default 'Google libphonenumber, geocoding (Apache-2.0)',
  primary key (country, code),
  unique (code),
  foreign key (country, region) references region_zones
);
insert into area_codes (country, code, region)
select 'US', c.code, r.region from (values
  ('AK', '907'), ('AL', '205 251 256 334 659 938'), ('AR', '327 479 501 870'), ('AS', '684'),
  ('AZ', '480 520 602 623 928'),
  ('CA', '209 213 279 310 323 341 350 369 408 415 424 442 510 530 559 562 619 626 628 650 657 661 669 707 714 738 747 760 805 818 820 831 840 858 909 916 925 949 951'),
  ('CO', '303 719 720 748 970 983'), ('CT', '203 475 860 959'), ('DC', '202 771'), ('DE', '302'),
  ('FL', '239 305 321 324 352 386 407 448 561 645 656 689 727 728 754 772 786 813 850 863 904 941 954'),
  ('GA', '229 404 470 478 678 706 762 770 912 943'), ('GU', '671'), ('HI', '808'), ('IA', '319 515 563 641 712'),
  ('ID', '208 986'), ('IL', '217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 872'),
  ('IN', '219 260 317 463 574 765 812 930'), ('KS', '316 620 785 913'), ('KY', '270 364 502 606 859'),
  ('LA', '225 318 337 504 985'), ('MA', '339 351 413 508 617 774 781 857 978'), ('MD', '227 240 301 410 443 667'),
  ('ME', '207'), ('MI', '231 248 269 313 517 586 616 734 810 906 947 989'), ('MN', '218 320 507 612 651 763 952'),
  ('MO', '235 314 417 557 573 636 660 816 975'), ('MP', '670'), ('MS', '228 601 662 769'), ('MT', '406'),
  ('NC', '252 336 472 704 743 828 910 919 980 984'), ('ND', '701'), ('NE', '308 402 531'), ('NH', '603'),
  ('NJ', '201 551 609 640 732 848 856 862 908 973'), ('NM', '505 575'), ('NV', '702 725 775'),
  ('NY', '212 315 329 332 347 363 516 518 585 607 631 646 680 716 718 838 845 914 917 929 934'),
  ('OH', '216 220 234 283 326 330 380 419 440 513 567 614 740 937'), ('OK', '405 539 572 580 918'),
  ('OR', '458 503 541 971'), ('PA', '215 223 267 272 412 445 484 570 582 610 717 724 814 835 878'), ('PR', '787 939'), ('RI', '401'),
  ('SC', '803 821 839 843 854 864'), ('SD', '605'), ('TN', '423 615 629 731 865 901 931'),
  ('TX', '210 214 254 281 325 346 361 409 430 432 469 512 682 713 726 737 806 817 830 832 903 915 936 940 945 956 972 979'),
  ('UT', '385 435 801'), ('VA', '276 434 540 571 686 703 757 804 826 948'), ('VI', '340'), ('VT', '802'),
  ('WA', '206 253 360 425 509 564'), ('WI', '262 274 353 414 534 608 715 920'), ('WV', '304 681'), ('WY', '307')
) as r(region, codes), lateral unnest(string_to_array(r.codes, ' ')) as c(code);
grant select on area_codes to owed_app, owed_portal, owed_system;

-- Ceilings: when a row was last held against its source, rows of places with a source, and an organization's own.
alter table late_fee_ceilings add column verified_on date;
insert into late_fee_ceilings (jurisdiction, basis, title, figure, currency, says, severity, source, effective_from, verified_on)
values
('CA', 'percent_per_year', 'Criminal rate of interest', '48', null,
  'Section 347 of the Criminal Code: more than 48 % a year is a criminal rate for companies too, up to 500,000 dollars; default interest on overdue invoices counts.',
  'block', 'https://www.mondaq.com/canada/financial-services/1570940/reminder-new-lower-criminal-interest-rate-now-in-effect',
  '2025-01-01', '2026-11-27'),
('CA', 'percent_per_year', 'Criminal rate of interest, natural persons', '35', null,
  'Section 347 of the Criminal Code: more than 35 % a year is a criminal rate where a natural person owes, or less than 10,000 dollars are owed.',
  'warn', 'https://bmllp.ca/news-listings/changes-criminal-rate-interest-effect-january-1-2025', '2025-01-01', '2026-11-27'),
('US-AL', 'percent_per_year', 'Written contract under 2,000 dollars', '8', null,
  'Ala. Code §§ 8-8-1, 8-8-5: 8 % in writing; from 2,000 dollars on any agreed rate. Facts from MyInvoiceTemplate (CC BY 4.0), verified there on 2026-06-12.',
  'warn', 'https://myinvoicetemplate.com/data/late-payment-interest-by-state-2026.json', '2000-01-01', '2026-06-12'),
('US-AL', 'agreement', 'Without a written rate', null, null,
  'Ala. Code § 8-8-1: 6 % a year from the day the payment was due. Facts from MyInvoiceTemplate (CC BY 4.0), verified there on 2026-06-12.',
  'inform', 'https://myinvoicetemplate.com/data/late-payment-interest-by-state-2026.json', '2000-01-01', '2026-06-12'),
('US-AK', 'agreement', 'Without a written rate', null, null,
  '10.5 % a year on money after it is due. Facts from MyInvoiceTemplate (CC BY 4.0), verified there on 2026-06-12.',
  'inform', 'https://myinvoicetemplate.com/data/late-payment-interest-by-state-2026.json', '2000-01-01', '2026-06-12'),
('US-AZ', 'agreement', 'Written agreement', null, null,
  'Ariz. Rev. Stat. § 44-1201: no limit where agreed in writing, 10 % a year where not.',
  'inform', 'https://powerofattorney.com/12630-2/', '2000-01-01', null),
('US-CA', 'percent_per_year', 'Unless exempt', '10', null,
  '10 % a year unless the creditor is exempt or the debt is above 300,000 dollars; a late fee must be a reasonable estimate of the damage.',
  'warn', 'https://clearreceivables.com/blog/late-fee-laws-by-state', '2000-01-01', null);

-- What an organization has looked up itself, with its own source; held against its terms like the rest.
create table late_fee_own_ceilings (
  organization_id id not null references organizations,
  id id not null,
  jurisdiction text not null check (jurisdiction ~ '^[A-Z]{2}(-[A-Z0-9]{1,3})?$'),
  basis text not null check (basis in ('agreement', 'percent_per_month', 'percent_per_year', 'fixed_amount')),
  title text not null check (length(title) between 1 and 100),
  figure text check (figure ~ '^[0-9]{1,12}(\.[0-9]{1,4})?$'),
  currency text,
  says text not null check (length(says) between 1 and 1000),
  severity text not null check (severity in ('block', 'warn', 'inform')),
  source text not null check (length(source) between 1 and 500),
  verified_on date not null,
  created_at timestamptz not null,
  primary key (organization_id, id),
  constraint amount_has_currency check ((basis = 'fixed_amount') = (currency is not null)),
  constraint figure_of_a_rate check ((basis = 'agreement') = (figure is null))
);
call wall_off('late_fee_own_ceilings');

