import type { BookedDispute } from './accounts.ts';
import { fingerprintOf, type Gateway } from './charge-routes.ts';
import { winsDispute } from './dispute-life.ts';
import { underFault } from './faults.ts';
import { movesDone, statusAt } from './moves.ts';
import { pageOf } from './pages.ts';
import { type Call, clockOf, disputeOnWire, type Reply, refusal } from './wire.ts';

const changed_ms = ({ moves }: BookedDispute, now_ms: number): number =>
  moves[movesDone(moves, now_ms) - 1]?.at_ms ?? Number.NEGATIVE_INFINITY;

/** GET /v1/disputes?since=&limit=&starting_after= : all that moved since that instant, oldest move first. */
export function listDisputes({ account, url, now_ms }: Call): Reply {
  const since_ms = Date.parse(url.searchParams.get('since') ?? '1970-01-01T00:00:00Z');
  if (Number.isNaN(since_ms)) return refusal(422, 'invalid', 'since is an ISO 8601 instant.', 'since');
  const found = [...account.disputes.values()]
    .filter((each) => statusAt(each, now_ms) !== undefined && changed_ms(each, now_ms) >= since_ms)
    .sort((a, b) => changed_ms(a, now_ms) - changed_ms(b, now_ms) || (a.id < b.id ? -1 : 1));
  return pageOf(found, url, (each) => disputeOnWire(each, now_ms));
}

/** POST /v1/disputes/:id/evidence. Files are named, not sent: nobody here would read them. */
export async function postEvidence(gateway: Gateway, call: Call): Promise<Reply> {
  const { account, id, body, now_ms } = call;
  const { text } = body;
  if (typeof text !== 'string' || text.length > 20_000)
    return refusal(422, 'invalid', 'text is your answer, of 20,000 characters at most.', 'text');
  return underFault(gateway, account, () => {
    const dispute = account.disputes.get(id);
    const status = dispute && statusAt(dispute, now_ms);
    if (!dispute || !status) return refusal(404, 'dispute_not_found', 'There is no such dispute.');
    const fingerprint = fingerprintOf(body);
    if (dispute.fingerprint !== fingerprint || status === 'won' || status === 'lost') {
      if (status !== 'opened')
        return refusal(409, 'evidence_refused', `The dispute is ${status}: it takes no more evidence.`);
      const evidence = { wins: winsDispute(text), fingerprint, at_ms: now_ms };
      gateway.commit({ k: 'evidence', a: account.key, disputeId: id, evidence, ...clockOf(account) });
      gateway.tell(account);
    }
    return { status: 200, json: disputeOnWire(dispute, now_ms) };
  });
}
