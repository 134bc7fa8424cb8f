/** Our sign: an open ring on petrol, the same as the icon of the tab. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="7" fill="#0d5460" />
      <circle cx="16" cy="16" r="8" fill="none" stroke="#fffdf8" strokeWidth="4" />
    </svg>
  );
}
