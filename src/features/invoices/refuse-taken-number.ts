import pg from 'pg';
import { Refusal } from '#lib/errors.ts';

const refusals: Record<string, { message: string; param: string }> = {
  invoices_number: { message: 'Another invoice has just taken this number.', param: 'number' },
  invoices_external_id: { message: 'Another invoice has just taken this external id.', param: 'external_id' },
};

/**
 * Run a write of new invoices; two that ask for one number at the same moment end as a conflict, told in
 * words.
 */
export async function refuseTakenNumber<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const refusal =
      error instanceof pg.DatabaseError && error.code === '23505' && refusals[error.constraint ?? ''];
    if (refusal) throw new Refusal('conflict', refusal);
    throw error;
  }
}
