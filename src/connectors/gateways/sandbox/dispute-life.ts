import type { Move } from './moves.ts';

export type DisputeStatus = 'opened' | 'evidence_sent' | 'won' | 'lost';

const day_ms = 86_400_000;
const opens_days = 1;
const due_days = 10;
const decided_days = 5;

export type DisputeSpan = { opens_ms: number; due_ms: number };

/** Visa's reason for a payment the holder does not know, made without the card at hand. */
export const disputeReason = { code: '10.4', message: 'Fraud: the card was not present' } as const;

export const disputeId = (chargeId: string): string => chargeId.replace(/^ch_/, 'dp_');

export function disputeSpan(settled_ms: number): DisputeSpan {
  const opens_ms = settled_ms + opens_days * day_ms;
  return { opens_ms, due_ms: opens_ms + due_days * day_ms };
}

/** A dispute that nobody answers is lost on its due date. */
export const disputeMoves = ({ opens_ms, due_ms }: DisputeSpan): Move<DisputeStatus>[] => [
  { status: 'opened', at_ms: opens_ms },
  { status: 'lost', at_ms: due_ms },
];

/** The bank decides five days after it has the evidence. */
export const answeredMoves = (
  done: readonly Move<DisputeStatus>[],
  { wins, at_ms }: { wins: boolean; at_ms: number },
): Move<DisputeStatus>[] => [
  ...done,
  { status: 'evidence_sent', at_ms },
  { status: wins ? 'won' : 'lost', at_ms: at_ms + decided_days * day_ms },
];

/** Evidence that says it is winning does. */
export const winsDispute = (text: string): boolean => /winning/i.test(text);
