import type { ReactNode } from 'react';

export type Tone = 'neutral' | 'good' | 'warn' | 'bad' | 'accent' | 'faint';

/** A state in one word. The dot repeats by shape what the colour says: ring in progress, disc for done. */
export function State({ tone, children, ring }: { tone: Tone; children: ReactNode; ring?: boolean }) {
  return (
    <span className="state" data-tone={tone}>
      <span className={ring ? 'state-dot ring' : 'state-dot'} aria-hidden />
      {children}
    </span>
  );
}
