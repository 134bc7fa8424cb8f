import { refuseTaken } from '#db/refuse-taken.ts';

const words = {
  invoices_number: { message: 'Another invoice has just taken this number.', param: 'number' },
  invoices_external_id: { message: 'Another invoice has just taken this external id.', param: 'external_id' },
};

/**
 * Run a write of new invoices; two that ask for one number at the same moment end as a conflict, told in
 * words.
 */
export const refuseTakenNumber = <T>(write: () => Promise<T>): Promise<T> => refuseTaken(words, write);
