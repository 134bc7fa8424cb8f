/** The level of the next formal reminder of these invoices: one above the highest that any of them has had. */
export const levelAfter = (levels: readonly (number | null)[]): number =>
  1 + Math.max(0, ...levels.map((level) => level ?? 0));

/** What a formal reminder says above its table; each level firmer than the one before. */
export function formalWords(level: number, organization: string): string {
  if (level === 1)
    return `According to our books the invoices below are past due. Please pay them now, or tell us what stands in the way. If your payment is on its way already, please disregard this letter.`;
  if (level === 2)
    return `This is our second formal reminder. The invoices below are still open although they were due on the dates given. Please pay the balance within seven days.`;
  return `This is our formal reminder number ${level} of these invoices. They are still unpaid. ${organization} may take further steps to collect them without another letter. Please pay the balance at once.`;
}
