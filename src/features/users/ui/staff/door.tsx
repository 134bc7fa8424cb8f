import type { ReactNode } from 'react';
import { Mark } from '#ui/mark.tsx';

/** The plain frame of the pages before the sign-in. */
export function Door({ wide, children, aside }: { wide?: boolean; children: ReactNode; aside?: ReactNode }) {
  return (
    <div className="door">
      <header className="door-brand">
        <span>
          <Mark />
          Owed
        </span>
        {aside}
      </header>
      <main className={wide ? 'door-body wide' : 'door-body'}>{children}</main>
    </div>
  );
}
