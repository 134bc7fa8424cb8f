/** The person who looks at the console of an organization, and its stored gateway. */
export const personOf = (tag: number): string => `usr_${String(tag * 100_000_000).padStart(22, '0')}`;
