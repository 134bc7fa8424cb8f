import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { forecastReminders } from '#features/reminders/forecast.ts';
import { makings } from '../../../test/support/mails.ts';
import { reminded, setCustomer, setSteps } from '../../../test/support/reminders.ts';

test('a forecast from many invoices is counted anew when messages go to the inactive no more', async () => {
  const { books, customerId, invoiceId } = await reminded({ dueDate: '2026-04-10' });
  const { organizationId } = books;
  await setSteps(books, [{ type: 'payment_past_due', dayOffset: 1 }]);
  await setCustomer(books, customerId, sql`deactivated_at = now()`);
  const undone = new Error('undone');
  const work = books.tx(async (tx) => {
    // So many that the count is told again for a while; they are gone with the transaction.
    await tx.client.query('set local role none; set local session_replication_role = replica');
    await tx.client.query(`do $$ declare names text; begin
      select string_agg(quote_ident(column_name), ', ') into names from information_schema.columns
        where table_schema = 'public' and table_name = 'invoices' and is_generated = 'NEVER'
          and column_name not in ('id', 'number');
      execute format('insert into invoices (id, number, %s) select ''inv_'' || lpad(n::text, 22, ''0''),
        ''many '' || n, %s from invoices, generate_series(1, 5000) n where id = %L', names, names, '${invoiceId}');
    end $$`);
    await tx.client.query('set local role owed_app');
    const counted = async (toInactive: boolean): Promise<number> => {
      await tx.run(
        sql`update organizations set send_to_inactive = ${toInactive} where id = ${organizationId}`,
      );
      const input = { ...makings, organizationId, today: '2026-04-10', days: 1 };
      const { days } = await forecastReminders(tx, input, new Date('2026-04-10T20:00:00Z'));
      return days.reduce((sum, { messages }) => sum + messages, 0);
    };
    assert.equal(await counted(true), 5001);
    assert.equal(await counted(false), 0);
    throw undone;
  });
  await assert.rejects(work, (error) => {
    if (error !== undone) throw error;
    return true;
  });
});
