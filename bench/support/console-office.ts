import type { Make } from './console-maker.ts';

/** What the console keeps of itself, and what a host keeps of its subscribers. */
export function office({
  gateway,
  id,
  customer,
  customers,
  invoices,
  person,
  rows,
}: Make): Record<string, string> {
  const sold = Math.ceil(customers / 10);
  return {
    bulk_actions: rows(
      'bulk_actions',
      {
        id: id('blk'),
        subject: `case when n % 4 = 0 then 'customers' else 'invoices' end`,
        action: `'send'`,
        settings: `'{}'`,
        chosen: `'{}'`,
        state: `'done'`,
        total: '1000',
        user_id: person,
        asked_on: 'd',
        created_at: 'd',
        finished_at: 'd',
      },
      // The seventh is the one that is opened.
      Math.max(7, invoices / 1000),
    ),
    bulk_action_rows: rows(
      'bulk_action_rows',
      {
        bulk_action_id: id('blk', '(1 + n / 500)'),
        row_id: id('inv'),
        label: `'B-' || n`,
        rule: `'paid'`,
        reason: `'It is paid'`,
      },
      invoices / 2,
    ),
    saved_views: rows(
      'saved_views',
      {
        id: id('svw'),
        list: `(array['invoices', 'customers', 'payments'])[1 + n % 3]`,
        user_id: person,
        shared: 'false',
        name: `'View ' || n`,
        search: `'{}'`,
        created_at: 'd',
        updated_at: 'd',
      },
      30,
    ),
    import_batches: rows(
      'import_batches',
      {
        id: id('imp'),
        kind: `'invoices'`,
        file_name: `'a.csv'`,
        state: `'imported'`,
        created_at: 'd',
        updated_at: 'd',
      },
      invoices / 1000,
    ),
    notices: rows(
      'notices',
      {
        id: id('ntc'),
        kind: `(array['payment_received', 'dispute_opened', 'charge_failed'])[1 + n % 3]`,
        key: `'k' || n`,
        title: `'A dispute'`,
        path: `'/invoices'`,
        customer_id: customer,
        created_at: 'd',
      },
      invoices / 20,
    ),
    webhooks_in: rows(
      'webhooks_in',
      {
        id: id('whk'),
        gateway_account_id: gateway,
        event_key: `'e' || n`,
        payment_ids: `array[${id('pay')}]`,
        raw: `'{}'`,
        received_at: 'd',
        state: `case when n % 1000 = 0 then 'failed' else 'worked' end`,
      },
      invoices / 5,
    ),
    items: rows('items', { id: id('itm'), name: `'Item ' || n`, created_at: 'd' }, customers / 10),
    billing_plans: rows(
      'billing_plans',
      {
        id: id('bpl'),
        name: `'Plan ' || n`,
        every: `'month'`,
        price: '1000',
        trial_days: '0',
        meters: `'[]'`,
        created_at: 'd',
      },
      3,
    ),
    billing_subscriptions: rows(
      'billing_subscriptions',
      {
        id: id('bsu'),
        subscriber_id: id('org'),
        customer_id: customer,
        plan_id: id('bpl', '(1 + n % 3)'),
        anchor_on: 'd',
        created_at: 'd',
      },
      sold,
    ),
    billing_periods: rows(
      'billing_periods',
      {
        subscription_id: id('bsu', `(1 + n % ${sold})`),
        number: `1 + (n - 1) / ${sold}`,
        plan_id: id('bpl', '1'),
        is_trial: 'false',
        base: '1000',
        starts_on: 'd',
        ends_on: 'd + 30',
        closed_on: `case when n <= ${sold} * 11 then d + 30 end`,
      },
      sold * 12,
    ),
    billing_usage: rows(
      'billing_usage',
      {
        subscriber_id: id('org', `(1 + n % ${sold})`),
        day: `date '2026-11-27' - ((n - 1) / ${sold})::int`,
        meter: `'emails'`,
        quantity: '5',
      },
      sold * 30,
    ),
  };
}
