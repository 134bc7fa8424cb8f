/** How long staff may rest before signing in again: what a standard wants, since when, and where. */
export type IdleCeiling = {
  from: string;
  minutes: number;
  severity: 'warn';
  source: string;
  says: string;
};

export const idleCeilings: readonly IdleCeiling[] = [
  {
    from: '2025-01-01',
    minutes: 15,
    severity: 'warn',
    source: 'PCI DSS v4.0.1, requirement 8.2.8',
    says: 'Where card payments are taken, no session may rest for more than 15 minutes.',
  },
];

/** What speaks against a time, on a day; the setting may still be chosen. */
export const idleWarning = (minutes: number, today: string): IdleCeiling | undefined =>
  idleCeilings.findLast(({ from, minutes: most }) => from <= today && minutes > most);
