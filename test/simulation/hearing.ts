import type { Fleet, Journey, Run } from './fleet.ts';
import type { Known } from './model-gateway.ts';
import { blockAfter } from './reference-methods.ts';
import { hear, type ModelPayment, placeOf, stateOf } from './reference-model.ts';
import { heardOfRefund } from './reference-refunds.ts';

const hour_ms = 3_600_000;

/** The books hear of a charge, and of what its return says of the account. */
export function hearOf({ gateway, now }: Fleet, run: Run, payment: ModelPayment, news: Known): void {
  if (payment.isDropped) return;
  const before = stateOf(payment, gateway.charges);
  hear(payment, news, gateway.charges.get(payment.id));
  if (before !== 'returned') blockAfter(run.world, gateway.charges, payment, now);
}

/** All that a journey was told so far, and has recorded; `absent` is nothing to record. */
export function hearTold(fleet: Fleet, run: Run, { line }: Journey): void {
  for (const { id, outcome } of line.told.splice(0)) {
    if (outcome.outcome === 'absent' || outcome.outcome === 'refused') continue;
    const refund = run.world.refunds.find((each) => each.id === id);
    const payment = run.world.payments.find((each) => each.id === id);
    if (refund) heardOfRefund(refund, outcome.outcome, fleet.gateway.refunds.get(id));
    else if (payment) hearOf(fleet, run, payment, outcome as Known);
  }
}

/** It came to its end: what it did not send, and what the gateway refused, is known by now too. */
export function hearWhenDone(fleet: Fleet, run: Run, journey: Journey): void {
  const { line, id, what } = journey;
  const last = line.told.findLast((each) => each.id === id)?.outcome.outcome;
  hearTold(fleet, run, journey);
  const refund = run.world.refunds.find((each) => each.id === id);
  // Absent, and not to be sent any more: it stays in doubt.
  if (refund && last === 'absent') heardOfRefund(refund, 'unknown', undefined);
  const payment = run.world.payments.find((each) => each.id === id);
  if (!payment) return;
  if (what === 'void') {
    const isRefused = line.voids.refused || line.voids.asked === 0;
    if (isRefused && placeOf(payment, fleet.gateway.charges) !== 'ended') payment.voidWish = 'refused';
  } else if (last === 'absent' || last === undefined) notSent(fleet, run, payment, journey);
}

/**
 * A debit that stayed here because its account was blocked: declined, unless a call made before may still
 * arrive.
 */
function notSent({ gateway, now }: Fleet, run: Run, payment: ModelPayment, { wasSubmitted }: Journey): void {
  const method = payment.method === undefined ? undefined : run.world.methods[payment.method];
  if (method?.state !== 'blocked' || !['pending', 'unknown'].includes(stateOf(payment, gateway.charges)))
    return;
  if (wasSubmitted && now.getTime() - method.blockedAt_ms < hour_ms) payment.heardDoubt = true;
  else payment.isDropped = true;
}
