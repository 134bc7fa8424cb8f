export type ChargebackState = 'opened' | 'evidence_sent' | 'won' | 'lost';

const moves: Record<ChargebackState, readonly ChargebackState[]> = {
  opened: ['evidence_sent', 'won', 'lost'],
  evidence_sent: ['won', 'lost'],
  won: [],
  lost: [],
};

/** How a chargeback moves (money.md 4). News that is no move from here changes nothing. */
export const decideChargeback = (from: ChargebackState, to: ChargebackState): ChargebackState | undefined =>
  moves[from].includes(to) ? to : undefined;

/** Why no evidence can be sent; undefined while it can. */
export function evidenceFault(
  chargeback: {
    state: ChargebackState;
    evidenceDueAt: Date | null;
    evidenceAskedAt: Date | null;
    evidenceError: string | null;
  },
  now: Date,
): string | undefined {
  if (chargeback.state === 'won' || chargeback.state === 'lost')
    return 'This chargeback has been decided: no more evidence is taken.';
  if (chargeback.state === 'evidence_sent') return 'The evidence has been sent already, and it is sent once.';
  if (chargeback.evidenceAskedAt && !chargeback.evidenceError) return 'The evidence is on its way already.';
  if (chargeback.evidenceDueAt && chargeback.evidenceDueAt <= now)
    return 'The day until which evidence was taken has passed.';
  return undefined;
}

/** Whole days until evidence is due; undefined where no day is set, negative once it has passed. */
export const daysLeft = (dueAt: Date | null, now: Date): number | undefined =>
  dueAt ? Math.floor((dueAt.getTime() - now.getTime()) / 86_400_000) : undefined;
