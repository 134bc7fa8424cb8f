// What waits is shared between the free places, so that batches run side by side; but below this a batch
// costs more
// for itself than for its items.
const worthABatch = 16;

/**
 * Feeds a command over arrays from single requests: what arrives while a batch is under way goes together in
 * the next. One caller alone pays one transaction; sixty-four pay two or three. The pressure goes back to the
 * callers. `run` does all of its items or none: when it throws for several, it is asked for each of them
 * again.
 */
export function microBatcher<Item, Verdict>(
  run: (items: Item[]) => Promise<Verdict[]>,
  limits: { maxBatch: number; maxInFlight: number },
): (item: Item) => Promise<Verdict> {
  type Waiting = { item: Item; resolve: (verdict: Verdict) => void; reject: (error: unknown) => void };
  const waiting: Waiting[] = [];
  let inFlight = 0;
  let scheduled = false;

  async function flush(batch: Waiting[]): Promise<void> {
    inFlight += 1;
    try {
      const verdicts = await run(batch.map((entry) => entry.item));
      batch.forEach((entry, index) => {
        entry.resolve(verdicts[index] as Verdict);
      });
    } catch (error) {
      // One item may have spoiled the batch for all; alone, each has its own answer.
      if (batch.length > 1) for (const entry of batch) await alone(entry);
      else batch[0]?.reject(error);
    } finally {
      inFlight -= 1;
      schedule();
    }
  }

  const alone = ({ item, resolve, reject }: Waiting): Promise<void> =>
    run([item]).then(([verdict]) => resolve(verdict as Verdict), reject);

  function schedule(): void {
    if (scheduled || waiting.length === 0 || inFlight >= limits.maxInFlight) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      while (waiting.length > 0 && inFlight < limits.maxInFlight) {
        const shares = Math.max(
          1,
          Math.min(limits.maxInFlight - inFlight, Math.floor(waiting.length / worthABatch)),
        );
        void flush(waiting.splice(0, Math.min(limits.maxBatch, Math.ceil(waiting.length / shares))));
      }
    });
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      schedule();
    });
}
