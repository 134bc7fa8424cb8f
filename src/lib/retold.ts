/** What was learned a short while ago, with the time it was learned at. */
export type Retold<T> = {
  /** Undefined where it is not known, or too old at `now`. */
  find(key: string, now: Date): { at: Date; what: T } | undefined;
  keep(key: string, at: Date, what: T): void;
};

/** Keeps at most `most` answers, each for `for_ms`: for what takes long to count. */
export function makeRetold<T>({ most, for_ms }: { most: number; for_ms: number }): Retold<T> {
  const known = new Map<string, { at: Date; what: T }>();
  return {
    find(key, now) {
      const told = known.get(key);
      const age_ms = told ? now.getTime() - told.at.getTime() : -1;
      return age_ms >= 0 && age_ms < for_ms ? told : undefined;
    },
    keep(key, at, what) {
      known.delete(key);
      known.set(key, { at, what });
      const [oldest] = known.keys();
      if (oldest !== undefined && known.size > most) known.delete(oldest);
    },
  };
}
