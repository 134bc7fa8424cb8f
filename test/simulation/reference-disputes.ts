import type { DisputeWord, GatewayDispute } from './model-disputes.ts';
import type { ModelPayment, World } from './reference-model.ts';
import type { Gateway } from './reference-refunds.ts';

/** What the books know of a dispute, by the key of its payment; how far they have heard. */
export type ModelDispute = { payment: string; heard: number };
/** News of one, told in any order and more than once. */
export type DisputeAct = { do: 'dispute'; payment: string; state: DisputeWord };

export const disputeOf = ({ disputes }: Pick<Gateway, 'disputes'>, { id }: ModelPayment): GatewayDispute =>
  disputes.get(id) as GatewayDispute;

export function actDispute(world: World, gateway: Gateway, act: DisputeAct): string {
  const payment = world.payments.find(({ key }) => key === act.payment) as ModelPayment;
  const heard = disputeOf(gateway, payment).path.indexOf(act.state);
  const known = world.disputes.find((each) => each.payment === act.payment);
  if (!known) {
    world.disputes.push({ payment: act.payment, heard });
    return 'new';
  }
  if (heard <= known.heard) return 'again';
  known.heard = heard;
  return 'new';
}

export function stateOfDispute(
  world: World,
  gateway: Pick<Gateway, 'disputes'>,
  of: ModelDispute,
): DisputeWord {
  const payment = world.payments.find(({ key }) => key === of.payment) as ModelPayment;
  return disputeOf(gateway, payment).path[of.heard] as DisputeWord;
}

/** Open or lost: the money is with the payer's bank. */
export const isDisputed = (world: World, gateway: Gateway, payment: ModelPayment): boolean =>
  world.disputes.some(
    (each) => each.payment === payment.key && stateOfDispute(world, gateway, each) !== 'won',
  );
