import type { Dispute } from './books.ts';
import { takeEvidence } from './capture-life.ts';
import type { House } from './order-routes.ts';
import type { Place } from './order-view.ts';
import { type Call, money, notThere, preciseInstant, type Reply, refusal } from './wire.ts';

const day_ms = 86_400_000;

const brief = (place: Place, dispute: Dispute) => ({
  dispute_id: dispute.id,
  create_time: preciseInstant(dispute.created_ms),
  update_time: preciseInstant(dispute.updated_ms),
  reason: 'MERCHANDISE_OR_SERVICE_NOT_RECEIVED',
  status: dispute.status,
  dispute_state: dispute.status === 'RESOLVED' ? 'RESOLVED' : 'REQUIRED_ACTION',
  dispute_amount: money(dispute.capture.amount, dispute.capture.order.currency),
  dispute_life_cycle_stage: 'CHARGEBACK',
  dispute_channel: 'INTERNAL',
  links: [{ href: `${place.url}/v1/customer/disputes/${dispute.id}`, rel: 'self', method: 'GET' }],
});

/** As it is answered alone, and as webhooks carry it. */
export function disputeView(place: Place, dispute: Dispute) {
  const { capture, outcome } = dispute;
  const amount = money(capture.amount, capture.order.currency);
  return {
    ...brief(place, dispute),
    disputed_transactions: [
      {
        seller_transaction_id: capture.id,
        create_time: preciseInstant(capture.created_ms),
        transaction_status: 'COMPLETED',
        gross_amount: amount,
        ...(capture.customId && { custom: capture.customId }),
        buyer: { name: 'Pat Payer' },
        seller: { merchant_id: place.merchantId, name: 'The business' },
      },
    ],
    ...(outcome && {
      dispute_outcome: {
        outcome_code: outcome,
        ...(outcome === 'RESOLVED_BUYER_FAVOUR' && { amount_refunded: amount }),
      },
    }),
    ...(dispute.evidence.length > 0 && {
      evidences: dispute.evidence.map((notes) => ({
        evidence_type: 'OTHER',
        notes,
        source: 'SUBMITTED_BY_SELLER',
      })),
    }),
    ...(dispute.status === 'WAITING_FOR_SELLER_RESPONSE' && {
      seller_response_due_date: preciseInstant(dispute.due_ms),
    }),
  };
}

const known = new Set([
  'update_time_after',
  'update_time_before',
  'page_size',
  'next_page_token',
  'dispute_state',
]);

export function listDisputes({ books, place }: House, call: Call): Reply {
  const query = call.url.searchParams;
  const strange = [...query.keys()].find((key) => !known.has(key));
  if (strange) return refusal(400, 'INVALID_PARAMETER_SYNTAX', `Unknown parameter ${strange}.`);
  const after = query.get('update_time_after');
  const after_ms = after === null ? 0 : Date.parse(after);
  const size = Number(query.get('page_size') ?? 10);
  if (Number.isNaN(after_ms) || !(size >= 1 && size <= 50))
    return refusal(400, 'INVALID_PARAMETER_VALUE', 'The value of a field is invalid.');
  if (after !== null && after_ms < books.now_ms - 180 * day_ms)
    return refusal(400, 'INVALID_PARAMETER_VALUE', 'The time must be within the last 180 days.');
  const all = [...books.disputes.values()]
    .filter((each) => each.updated_ms >= after_ms)
    .sort((a, b) => b.created_ms - a.created_ms);
  const from = Number(query.get('next_page_token') ?? 0);
  const links = [{ href: call.url.href, rel: 'self', method: 'GET' }];
  if (from + size < all.length) {
    const next = new URL(call.url);
    next.searchParams.set('next_page_token', String(from + size));
    links.push({ href: next.href, rel: 'next', method: 'GET' });
  }
  return {
    status: 200,
    json: { items: all.slice(from, from + size).map((each) => brief(place, each)), links },
  };
}

export function getDispute({ books, place }: House, call: Call): Reply {
  const dispute = books.disputes.get(call.id);
  return dispute ? { status: 200, json: disputeView(place, dispute) } : notThere();
}

type Part = { name: string; type: string; bytes: Buffer };

/** The parts of a `multipart/form-data` body; undefined for a body that is none. */
function partsOf(call: Call): Part[] | undefined {
  const boundary = /^multipart\/form-data; boundary=([\w-]+)$/.exec(call.headers['content-type'] ?? '')?.[1];
  if (boundary === undefined) return undefined;
  const pieces = call.raw.toString('latin1').split(`--${boundary}`);
  if (pieces.at(-1) !== '--\r\n') return undefined;
  return pieces.slice(1, -1).map((piece) => {
    const end = piece.indexOf('\r\n\r\n');
    const head = piece.slice(0, end);
    return {
      name: /; name="([^"]*)"/.exec(head)?.[1] ?? '',
      type: /content-type: (\S+)/i.exec(head)?.[1] ?? '',
      bytes: Buffer.from(piece.slice(end + 4, -2), 'latin1'),
    };
  });
}

const fileTypes = ['image/jpeg', 'image/gif', 'image/png', 'application/pdf'];

export function provideEvidence({ books, place }: House, call: Call): Reply {
  const dispute = books.disputes.get(call.id);
  if (!dispute) return notThere();
  const parts = partsOf(call);
  const input = parts?.find((each) => each.name === 'input' && each.type === 'application/json');
  const files = parts?.filter((each) => each.name !== 'input') ?? [];
  if (!parts || !input || files.some((each) => !fileTypes.includes(each.type)))
    return refusal(400, 'INVALID_PARAMETER_SYNTAX', 'The evidence is not well-formed.');
  const { evidences } = JSON.parse(input.bytes.toString()) as {
    evidences: { evidence_type: string; notes: string }[];
  };
  const [first] = evidences;
  if (!first || first.notes.length > 2000 || first.evidence_type !== 'OTHER')
    return refusal(400, 'INVALID_PARAMETER_VALUE', 'The evidence is not well-formed.');
  if (dispute.status !== 'WAITING_FOR_SELLER_RESPONSE')
    return refusal(
      422,
      'ACTION_NOT_ALLOWED_IN_CURRENT_DISPUTE_STATE',
      'This action is not allowed in the current state of the dispute.',
    );
  takeEvidence(books, dispute, first.notes);
  const href = `${place.url}/v1/customer/disputes/${dispute.id}`;
  return { status: 200, json: { links: [{ href, rel: 'self', method: 'GET' }] } };
}
