/** More than these nobody reads before a call. */
export const mostPinned = 5;

/** The pinned notes with one of them at a place; 1 is the top. */
export const placedAt = (others: readonly string[], id: string, place: number): string[] => [
  ...others.slice(0, place - 1),
  id,
  ...others.slice(place - 1),
];
