import pg from 'pg';
import { Refusal } from '#lib/errors.ts';

const refusals: Record<string, { message: string; param: string }> = {
  customers_display_name: {
    message: 'Another customer has this display name. Names are unique, because books merge by them.',
    param: 'display_name',
  },
  customers_external_id: { message: 'Another customer has this external id.', param: 'external_id' },
};

const unknown: Record<string, { message: string; param: string }> = {
  customers_organization_id_parent_id_fkey: {
    message: 'There is no such customer to be the parent.',
    param: 'parent_id',
  },
  customers_organization_id_dunning_policy_id_fkey: {
    message: 'There is no such dunning policy. Choose one of yours, or null for the one of its type.',
    param: 'dunning_policy_id',
  },
  customers_organization_id_collector_id_fkey: {
    message: 'Nobody of your staff has this id.',
    param: 'collector_id',
  },
};

const noParent = {
  message: 'Only a customer with a parent can be billed with it. Choose its parent first.',
  param: 'bill_with_parent',
};

/** Run a write on customers; what a unique index refuses is told in words. */
export async function refuseTakenName<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const refusal =
      error instanceof pg.DatabaseError && error.code === '23505' && refusals[error.constraint ?? ''];
    if (refusal) throw new Refusal('conflict', refusal);
    const constraint = error instanceof pg.DatabaseError ? (error.constraint ?? '') : '';
    if (constraint === 'merged_is_inactive')
      throw new Refusal(
        'state_refused',
        'This record was merged into another. Undo the merge to make it active again.',
      );
    if (constraint === 'bills_with_a_parent') throw new Refusal('invalid_request', noParent);
    if (unknown[constraint]) throw new Refusal('not_found', unknown[constraint]);
    throw error;
  }
}
