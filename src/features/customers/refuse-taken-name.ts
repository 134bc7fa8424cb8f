import pg from 'pg';
import { Refusal } from '#lib/errors.ts';

const refusals: Record<string, { message: string; param: string }> = {
  customers_display_name: {
    message: 'Another customer has this display name. Names are unique, because books merge by them.',
    param: 'display_name',
  },
  customers_external_id: { message: 'Another customer has this external id.', param: 'external_id' },
};

const parentUnknown = { message: 'There is no such customer to be the parent.', param: 'parent_id' };

/** Run a write on customers; what a unique index refuses is told in words. */
export async function refuseTakenName<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const refusal =
      error instanceof pg.DatabaseError && error.code === '23505' && refusals[error.constraint ?? ''];
    if (refusal) throw new Refusal('conflict', refusal);
    if (
      error instanceof pg.DatabaseError &&
      error.constraint === 'customers_organization_id_parent_id_fkey'
    ) {
      throw new Refusal('not_found', parentUnknown);
    }
    throw error;
  }
}
