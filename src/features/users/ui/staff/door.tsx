import type { ReactNode } from 'react';

/** The plain frame of the pages before the sign-in. */
export function Door({ wide, children, aside }: { wide?: boolean; children: ReactNode; aside?: ReactNode }) {
  return (
    <div className="door">
      <header className="door-brand">
        <span><img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" />Owed</span>
        {aside}
      </header>
      <main className={wide ? 'door-body wide' : 'door-body'}>{children}</main>
    </div>
  );
}
