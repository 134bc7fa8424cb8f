import { NewMethodFields } from '#features/payment-methods/ui/staff/new-method-fields.tsx';
import type { NewMethodSlot } from '#features/payments/ui/staff/use-charging.ts';

/** Where staff takes money a new card or account is typed into the gateway’s own fields. */
export const newMethod: NewMethodSlot = (onTyped) => <NewMethodFields onTyped={onTyped} />;
