import type { Database } from '#db/db.ts';
import { Own } from './imports.ts';

const invoicesFile = `Customer,Nr,Date,Due,Amount
Cedar & Sons,A-1,03/04/2026,04/04/2026,120.50
Cedar & Sons,A-2,05/04/2026,05/05/2026,75.00
`;
const customersFile = `DisplayName,Email,Phone
Old Mill Dairy,office@oldmill.example,+1 503 555 0111
River House,not an address,
,nobody@example.com,
`;
const itemsFile = `Name,Description,Price of one,Taxable,Tax rates
Gutter cleaning,Up to 30 m,180.00,Y,
Hedge trimming,,65.00,N,
Stump grinding,One stump,many,Y,
`;

/** An import at each step at which it may stand. */
export async function importsOf(db: Database, organizationId: string) {
  const own = new Own(db, organizationId);
  const checked = await own.upload('customers', customersFile);
  await own.check(checked);
  const imported = await own.upload('customers', customersFile.replace('Old Mill', 'New Mill'));
  await own.check(imported);
  await own.commit(imported);
  const undone = await own.upload('customers', 'DisplayName\nPassing Trade\n');
  await own.check(undone);
  await own.commit(undone);
  await own.undo(undone);
  await own.bringIn('items', itemsFile);
  const items = await own.upload('items', itemsFile.replace('180.00,Y', '195.00,N').replace('Hedge', 'Tree'));
  await own.check(items);
  return {
    checkedItems: items,
    mappingImport: await own.upload('invoices', invoicesFile),
    checkedImport: checked,
    finishedImport: imported,
    undoneImport: undone,
    failedImport: await own.upload('customers', ''),
  };
}
