import { getPayment } from '#features/payments/report-queries.ts';
import * as api from '#features/refunds/api.ts';
import { getGiveBack, getRefund, listRefunds } from '#features/refunds/queries.ts';
import { acceptedRefund, requestRefunds } from '#features/refunds/request-refunds.ts';
import { requestVoid } from '#features/refunds/request-void.ts';
import type { App, Caller } from '#http/app.ts';
import { serve, serveJourney } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';
import { must, Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

export function refundRoutes(app: App): void {
  serve(app, api.listRefunds, ({ tx, organization, query }) => listRefunds(tx, organization, camel(query)));
  serve(app, api.getRefund, ({ tx, organization, params }) => getRefund(tx, organization.id, params.id));
  serve(app, api.getGiveBack, ({ tx, organization, params }) => getGiveBack(tx, organization.id, params.id));
  serve(app, api.voidPayment, async ({ tx, actor, organization, now, params, body }) => {
    await requestVoid(
      tx,
      actor,
      { organizationId: organization.id, paymentId: params.id, ...camel(body) },
      now,
    );
    return getPayment(tx, organization.id, params.id);
  });
  // The key is the refund's own, so that a second try finds the first one.
  serveJourney(app, api.createRefund, async ({ caller, body, idempotencyKey }) => {
    const { lines, ...rest } = body;
    const ask = {
      ...camel(rest),
      ...(lines ? { lines: lines.map(camel) } : {}),
      requestKey: idempotencyKey ?? newId('request'),
    };
    const { organization, actor, now } = caller;
    return app.db.transaction(actor, async (tx) => {
      const [verdict] = await requestRefunds(
        tx,
        actor,
        { organizationId: organization.id, refunds: [ask] },
        now,
      );
      return getRefund(tx, organization.id, acceptedRefund(must(verdict, 'a verdict')));
    });
  });
  serveJourney(app, api.giveBackPayments, async ({ caller, body, idempotencyKey }) => {
    const key = idempotencyKey ?? newId('request');
    const data: Verdict[] = [];
    for (const item of body.items) data.push(await giveBackOne(app, caller, { ...item, body, key }));
    return { object: 'list' as const, data, has_more: false };
  });
}

type Body = { fee_handling: 'inclusive' | 'exclusive'; reason?: string | undefined; send_receipt: boolean };
type Item = {
  payment_id: string;
  act: 'void' | 'refund';
  principal?: bigint | undefined;
  body: Body;
  key: string;
};
type Verdict = Pick<Item, 'payment_id' | 'act'> & {
  ok: boolean;
  refund_id: string | null;
  code: string | null;
  message: string | null;
};

/** Each in a transaction of its own: what is refused takes nothing else with it. */
async function giveBackOne(app: App, caller: Caller, item: Item): Promise<Verdict> {
  const done = { payment_id: item.payment_id, act: item.act, code: null, message: null };
  try {
    const refundId =
      item.act === 'void' ? await voidOne(app, caller, item) : await refundOne(app, caller, item);
    return { ...done, ok: true, refund_id: refundId };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ...done, ok: false, refund_id: null, code: error.code, message: error.message };
  }
}

async function voidOne(app: App, { actor, organization, now }: Caller, item: Item): Promise<null> {
  const { reason, send_receipt: sendReceipt } = item.body;
  const ask = { organizationId: organization.id, paymentId: item.payment_id, reason, sendReceipt };
  await app.db.transaction(actor, (tx) => requestVoid(tx, actor, ask, now));
  return null;
}

async function refundOne(app: App, { actor, organization, now }: Caller, item: Item): Promise<string> {
  const refund = {
    requestKey: `${item.key}:${item.payment_id}`,
    paymentId: item.payment_id,
    principal: item.principal,
    feeHandling: item.body.fee_handling,
    reason: item.body.reason,
    sendReceipt: item.body.send_receipt,
  };
  const [verdict] = await app.db.transaction(actor, (tx) =>
    requestRefunds(tx, actor, { organizationId: organization.id, refunds: [refund] }, now),
  );
  return acceptedRefund(must(verdict, 'a verdict'));
}
