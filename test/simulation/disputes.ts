import { pullChargebacks } from '#features/chargebacks/pull-chargebacks.ts';
import type { Fleet } from './fleet.ts';
import { toldOfDispute } from './model-disputes.ts';
import { act } from './reference-model.ts';

/** Every dispute comes to its end, and the books ask for all of them: each with its whole past, twice over. */
export async function tellOfAllDisputes({ books, gateway, runs }: Fleet): Promise<void> {
  const { db, organizationId, gatewayAccountId, currency } = books;
  const disputes = [...gateway.disputes.values()];
  for (const dispute of disputes) dispute.at = dispute.path.length - 1;
  const list = disputes.flatMap((dispute) =>
    dispute.path.map((_, at) => toldOfDispute(dispute, currency, at)),
  );
  const line = {
    ...gateway.line({ charge: 'answers', lookup: 'answers' }),
    chargebacks: { list: async () => list },
  };
  const ask = () =>
    pullChargebacks({ db, gateways: { open: () => line } }, { organizationId, gatewayAccountId });
  await Promise.all([ask(), ask()]);
  for (const { world } of runs)
    for (const payment of world.payments) {
      const state = gateway.disputes.get(payment.id)?.path.at(-1);
      if (state) act(world, gateway, { do: 'dispute', payment: payment.key, state });
    }
}
