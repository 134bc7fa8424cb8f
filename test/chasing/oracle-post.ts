import { addDays } from '#lib/dates.ts';
import { channelsFor, type Due, isActive, type PlainInvoice, type PlainWorld, readerOf } from './oracle.ts';

/** Each invoice goes to its customer once, from its day on; one that another message brought does not. */
export function bring(world: PlainWorld, today: string): Due[] {
  return world.invoices.flatMap((invoice): Due[] => {
    const { customer } = invoice;
    const day = dayToBring(world, invoice);
    if (day === undefined || day > today || invoice.isTold) return [];
    if (invoice.open === 0n || invoice.pending || !isActive(world, customer)) return [];
    if (channelsFor(world, customer, 'new_invoice').length === 0) return [];
    invoice.isTold = true;
    return [{ customer, kind: 'new_invoice', invoices: [invoice] }];
  });
}

function dayToBring({ newInvoice }: PlainWorld, invoice: PlainInvoice): string | undefined {
  if (newInvoice.when === 'never') return undefined;
  if (newInvoice.when === 'invoice_date') return invoice.dated;
  return addDays(invoice.issuedOn, newInvoice.when === 'delay' ? newInvoice.delay : 0);
}

/** The statements of a day: of the newest statement day that has not been worked, one a customer. */
export function inform(world: PlainWorld, today: string): Due[] {
  const { statement } = world;
  let newest: string | undefined;
  for (let day = statement.from; day <= today; day = addDays(day, 1))
    if (isStatementDay(day, statement.day)) newest = day;
  if (newest === undefined || newest === statement.doneFor) return [];
  statement.doneFor = newest;
  return world.customers.flatMap(({ parent }, customer): Due[] => {
    if (parent !== undefined && world.showsChildren) return [];
    const shown = world.invoices.filter(
      (invoice) => invoice.open > 0n && (invoice.customer === customer || isShownTo(world, customer, invoice)),
    );
    if (!shown.some(({ pending }) => pending === undefined)) return [];
    if (readerOf(world, customer).isOff || !isActive(world, customer)) return [];
    return [{ customer, kind: 'statement', invoices: shown }];
  });
}

const isShownTo = (world: PlainWorld, customer: number, invoice: PlainInvoice): boolean =>
  world.showsChildren && world.customers[invoice.customer]?.parent === customer;

/** The day of the month, or its last where it is shorter. */
function isStatementDay(day: string, wanted: number): boolean {
  const number = Number(day.slice(8));
  return number === wanted || (number < wanted && addDays(day, 1).endsWith('-01'));
}
