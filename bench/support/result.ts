/** One measured figure. `against` is the bare reference of the same run, `ratio` is value to reference. */
export type BenchResult = {
  name: string;
  value: number;
  unit: string;
  against: number | null;
  ratio: number | null;
  note?: string;
};

export const round = (value: number, digits = 3): number => Number(value.toPrecision(digits));

/** Milliseconds since some moment, from the clock that never jumps. */
export const now_ms = (): number => performance.now();

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
};
