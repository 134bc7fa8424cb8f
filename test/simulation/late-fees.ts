import { sql } from 'kysely';
import { assessLateFees } from '#features/late-fees/assess-late-fees.ts';
import { removeLateFee } from '#features/late-fees/remove-late-fee.ts';
import { setLateFeePolicy } from '#features/late-fees/set-late-fee-policy.ts';
import { waiveLateFee } from '#features/late-fees/waive-late-fee.ts';
import { addDays } from '#lib/dates.ts';
import type { Random } from '#lib/random.ts';
import { type Books, start } from '../support/given.ts';
import { type Fleet, fail, type Run, today } from './fleet.ts';
import { assess, everyDays, feesOwed, type LateFeeAct, modelFee } from './reference-late-fees.ts';
import type { Act, ModelInvoice, World } from './reference-model.ts';
import { type LateFeeRows, readLateFees } from './rows-late-fees.ts';

/** The terms of every world; the model has them once more (reference-late-fees.ts). */
export const agreeOnLateFees = ({ organizationId, actor, tx }: Books) =>
  tx((one) =>
    setLateFeePolicy(
      one,
      actor,
      {
        organizationId,
        policy: {
          ...{ isActive: true, amountType: 'flat', flatAmount: modelFee, percent: '0', compounds: false },
          ...{ graceDays: 3, everyDays, maxFees: 8, capAmount: null, capPercent: null },
          ...{ booking: 'on_invoice', ownItem: 'Late fee', ownDueDays: 14 },
          ...{ minimumBalance: 0n, termsText: '', termsInMemo: false, termsInReminders: false },
          effectiveFrom: '2026-01-01',
          jurisdiction: null,
        },
      },
      start,
    ),
  );

/** A day is worked, by several workers at once. */
export async function workADay(fleet: Fleet): Promise<void> {
  const { books, random, now } = fleet;
  const day = { organizationId: books.organizationId, today: today(fleet), now };
  await Promise.all(Array.from({ length: random.int(1, 3) }, () => assessLateFees(books.db, day)));
  const rows = await books.tx((tx) => readLateFees(tx, books.organizationId));
  for (const run of fleet.runs) {
    run.trace.push(`${run.step} late fees of ${day.today}`);
    const before = structuredClone(run.world.invoices);
    assess(run.world, fleet.gateway.charges, day.today);
    run.world.invoices.forEach((invoice, at) => {
      const id = run.invoiceIds[at] as string;
      // What people took off an invoice had covered some of its days: then the books say which.
      if (rows.rested.has(id)) takeOver(run, at, { before: before[at] as ModelInvoice, invoice, rows, id });
    });
  }
}

type Rested = { before: ModelInvoice; invoice: ModelInvoice; rows: LateFeeRows; id: string };

/** Not more fees than without that, each new one on a day of its own after the last. */
function takeOver(run: Run, at: number, { before, invoice, rows, id }: Rested): void {
  const real = rows.lateFees.get(id) ?? [];
  const isLawful =
    real.length >= before.fees.length &&
    real.length <= invoice.fees.length &&
    real.slice(before.fees.length).every(({ on, state }, n) => {
      const last = real[before.fees.length + n - 1]?.on;
      return state === 'posted' && (last === undefined || on >= addDays(last, everyDays));
    });
  if (!isLawful) fail(run, `late fees of #${at} are ${say(real)}, and without rests ${say(invoice.fees)}`);
  invoice.fees = real.map(({ on, state }) => ({ on, state }));
  invoice.lateOn = rows.clocks.get(id) ?? null;
}

const say = (fees: readonly { on: string; state: string }[]): string =>
  fees.map(({ on, state }) => `${on} ${state}`).join(', ') || 'none';

/** One waived before it comes, or one taken back: mostly one that is there. */
export function drawLateFee(world: World, random: Random, key: string): Act | undefined {
  const charged = world.invoices.flatMap(({ fees }, at) =>
    fees.map((fee, index) => ({ fee, invoice: at, sequence: index + 1 })),
  );
  const posted = charged.filter(({ fee }) => fee.state === 'posted');
  if (posted.length > 0 && random.chance(0.6)) {
    const { invoice, sequence } = random.pick(random.chance(0.85) ? posted : charged);
    return { do: 'remove fee', key: `f${key}`, invoice, sequence };
  }
  const invoice = random.int(0, world.invoices.length - 1);
  const next = (world.invoices[invoice]?.fees.length ?? 0) + 1;
  return { do: 'waive fee', invoice, sequence: random.chance(0.85) ? next : random.int(1, 6) };
}

/** Do it; answers the credit memo that came of it, if one did. */
export async function actOnLateFee(
  { books }: Fleet,
  run: Run,
  act: LateFeeAct,
  now: Date,
): Promise<string | undefined> {
  const { organizationId, actor } = books;
  const invoiceId = run.invoiceIds[act.invoice] as string;
  const { sequence } = act;
  if (act.do === 'waive fee') {
    await books.tx((tx) =>
      waiveLateFee(tx, actor, { organizationId, invoiceId, sequence, reason: 'simulated' }, now),
    );
    return undefined;
  }
  return books.tx(async (tx) => {
    const at = sql`where organization_id = ${organizationId} and invoice_id = ${invoiceId} and sequence = ${sequence}`;
    const fee = await tx.row<{ id: string }>(sql`select id from late_fees ${at}`);
    const lateFeeId = fee?.id ?? 'lfe_0000000000000000000000';
    await removeLateFee(tx, actor, { organizationId, lateFeeId, reason: 'simulated' }, now);
    const after = await tx.row<{ creditMemoId: string | null }>(
      sql`select credit_memo_id from late_fees ${at}`,
    );
    return after?.creditMemoId ?? undefined;
  });
}

/**
 * Each invoice has the fees of the model, on their days and numbered without a gap, and owes what they come
 * to.
 */
export function compareLateFees(
  run: Run,
  rows: LateFeeRows & { invoices: Map<string, { fees: bigint }> },
): void {
  run.world.invoices.forEach((invoice, at) => {
    const id = run.invoiceIds[at] as string;
    const real = rows.lateFees.get(id) ?? [];
    // A waived day may have moved with a rest.
    if (rows.rested.has(id) && real.length === invoice.fees.length) {
      for (const [n, fee] of invoice.fees.entries()) fee.on = real[n]?.on ?? fee.on;
      invoice.lateOn = rows.clocks.get(id) ?? null;
    }
    if (say(real) !== say(invoice.fees) || !real.every(({ sequence }, n) => sequence === n + 1))
      fail(run, `late fees of #${at} are ${say(real)}, and must be ${say(invoice.fees)}`);
    const fees = rows.invoices.get(id)?.fees;
    if (fees !== feesOwed(invoice))
      fail(run, `#${at} has fees of ${fees}, and must have ${feesOwed(invoice)}`);
  });
}
