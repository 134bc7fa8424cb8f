import type { GatewayPayout, PayoutLine } from '#features/payments/payment-gateway.ts';
import { newId } from '#lib/ids.ts';
import type { Random } from '#lib/random.ts';
import type { GatewayDispute } from './model-disputes.ts';
import type { Charge } from './model-gateway.ts';
import type { GatewayRefund } from './model-refunds.ts';

type Books = {
  charges: ReadonlyMap<string, Charge>;
  refunds: ReadonlyMap<string, GatewayRefund>;
  disputes: ReadonlyMap<string, GatewayDispute>;
};

/** One payout as the gateway tells of it, in one version after another. */
export type ModelPayout = { reference: string; versions: GatewayPayout[]; at: number; flaw: Flaw };

/** What may be wrong with one; all but the first are exceptions for a person. */
export const flaws = [
  'none',
  'short',
  'line missing',
  'stranger',
  'stranger refund',
  'paid before',
  'paid twice',
  'other amount',
  'crooked',
  'adjustment',
] as const;
export type Flaw = (typeof flaws)[number];

const day = '2026-03-05';
const sum = (lines: readonly PayoutLine[]): bigint => lines.reduce((all, { net }) => all + net, 0n);
/** The part of the gateway that pays out: each charge and each refund once, at most, unless it errs. */
export function payoutDesk(books: Books) {
  const payouts: ModelPayout[] = [];
  const paidOut = new Set<string>();
  let made = 0;

  const line = (kind: PayoutLine['kind'], gross: bigint, about: Partial<PayoutLine>): PayoutLine => {
    made += 1;
    const fee = kind === 'charge' ? (gross * 29n) / 1000n : 0n;
    return {
      reference: `txn_${made}`,
      kind,
      gross,
      fee,
      net: gross - fee,
      description: '',
      on: day,
      ...about,
    };
  };

  /** All that is due, each with the name under which it is paid out once. */
  function* due(): Generator<[string, PayoutLine]> {
    for (const { paymentId, path, at, amount } of books.charges.values()) {
      const ago = path.slice(0, at + 1);
      if (ago.includes('settled')) yield [paymentId, line('charge', amount, { paymentId })];
      if (ago.includes('settled') && ago.includes('returned'))
        yield [`${paymentId} back`, line('return', -amount, { paymentId })];
    }
    for (const { refundId, paymentId, path, at, amount } of books.refunds.values())
      if (path[at] === 'settled' && at === path.length - 1)
        yield [refundId, line('refund', -amount, { refundId, paymentId })];
    for (const { reference, paymentId, path, at, amount } of books.disputes.values()) {
      yield [reference, line('chargeback', -amount, { paymentId })];
      if (path[at] === 'won') yield [`${reference} won`, line('chargeback_reversal', amount, { paymentId })];
    }
  }

  function flawed(good: GatewayPayout, flaw: Flaw, random: Random): GatewayPayout | undefined {
    const { lines } = good;
    const charges = lines.filter(({ kind }) => kind === 'charge');
    const [first, ...rest] = lines;
    const [charge] = charges;
    const anew = (changed: PayoutLine[]): GatewayPayout => ({
      ...good,
      lines: changed,
      amount: sum(changed),
    });
    const also = (extra: PayoutLine) => anew([...lines, extra]);
    const before = [...paidOut].filter(
      (id) => books.charges.has(id) && !charges.some((c) => c.paymentId === id),
    );
    switch (flaw) {
      case 'none':
        return good;
      case 'short':
        return { ...good, amount: good.amount - 100n };
      case 'line missing':
        return first && { ...good, lines: rest };
      case 'stranger':
        return also(line('charge', 5_000n, { paymentId: newId('payment') }));
      case 'stranger refund': {
        const ids = { paymentId: newId('payment'), refundId: newId('refund') };
        return also(line('refund', -700n, ids));
      }
      case 'paid before': {
        const old = before.length > 0 ? books.charges.get(random.pick(before)) : undefined;
        return old && also(line('charge', old.amount, { paymentId: old.paymentId }));
      }
      case 'paid twice':
        return charge && also({ ...charge, reference: `${charge.reference} again` });
      case 'other amount':
        return (
          charge &&
          anew(
            lines.map((each) =>
              each === charge ? { ...each, gross: each.gross + 1n, net: each.net + 1n } : each,
            ),
          )
        );
      case 'crooked':
        return (
          charge && anew(lines.map((each) => (each === charge ? { ...each, net: each.net - 1n } : each)))
        );
      case 'adjustment':
        return also(line('adjustment', random.chance(0.5) ? -250n : 250n, {}));
    }
  }

  return {
    payouts,
    /** Pay out what is due, mostly as it should be; answers undefined where nothing is. */
    make(random: Random): ModelPayout | undefined {
      const chosen = [...due()].filter(([name]) => !paidOut.has(name) && random.chance(0.8)).slice(0, 4);
      if (chosen.length === 0) return undefined;
      const lines = chosen.map(([, each]) => each);
      if (random.chance(0.5)) lines.push(line('fee', -30n, {}));
      const reference = `po_${payouts.length}`;
      const at = { initiatedOn: day, arrivesOn: '2026-03-06' };
      const good: GatewayPayout = {
        reference,
        state: 'paid',
        amount: sum(lines),
        currency: 'USD',
        lines,
        ...at,
      };
      const flaw = random.chance(0.4) ? 'none' : random.pick([...flaws, 'paid before'] as const);
      const first = flawed(good, flaw, random) ?? good;
      for (const [name] of chosen) paidOut.add(name);
      const isMended = first !== good && random.chance(0.4);
      const payout: ModelPayout = {
        reference,
        flaw: first === good ? 'none' : flaw,
        at: 0,
        versions: [
          ...(random.chance(0.5) ? [{ ...first, state: 'in_transit' as const }] : []),
          first,
          ...(isMended ? [good] : []),
          ...(random.chance(0.1) ? [{ ...(isMended ? good : first), state: 'failed' as const }] : []),
        ],
      };
      payouts.push(payout);
      return payout;
    },
    list: (): GatewayPayout[] => payouts.map(({ versions, at }) => versions[at] as GatewayPayout),
  };
}
export type PayoutDesk = ReturnType<typeof payoutDesk>;
