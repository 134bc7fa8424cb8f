import { IconChevronLeft, IconHelp } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { useArticle } from '#ui/frame.tsx';
import { notePage } from '#ui/last-seen.ts';

/** The tab's title follows the page. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · Owed` : 'Owed';
  }, [title]);
}

type HeadProps = {
  title: ReactNode;
  /** For the browser tab, when the title is not plain text. */
  tab?: string;
  back?: { to: string; label: string };
  state?: ReactNode;
  detail?: ReactNode;
  actions?: ReactNode;
};

export function PageHead({ title, tab, back, state, detail, actions }: HeadProps) {
  const article = useArticle();
  useEffect(() => notePage(window.location.pathname));
  useTitle(tab ?? (typeof title === 'string' ? title : undefined));
  return (
    <header className="page-head">
      {back && (
        <Link className="back" to={back.to}>
          <IconChevronLeft size={16} aria-hidden />
          {back.label}
        </Link>
      )}
      <div className="page-head-row">
        <div className="page-head-title">
          <h1>{title}</h1>
          {article && (
            <Link
              className="page-help"
              to="/help/$slug"
              params={{ slug: article }}
              aria-label="Help with this page"
              title="Help with this page"
            >
              <IconHelp size={20} stroke={1.6} aria-hidden />
            </Link>
          )}
          {state}
        </div>
        {actions && <div className="page-head-actions">{actions}</div>}
      </div>
      {detail && <div className="page-head-detail">{detail}</div>}
    </header>
  );
}

type SheetProps = {
  title?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  flush?: boolean;
  className?: string;
};

/** A sheet of paper on the desk. `flush` lets a table reach its edges. */
export function Sheet({ title, aside, children, flush, className }: SheetProps) {
  return (
    <section className={`sheet ${flush ? 'flush' : ''} ${className ?? ''}`}>
      {(title || aside) && (
        <div className="sheet-head">
          {title && <h2>{title}</h2>}
          {aside && <div className="sheet-aside">{aside}</div>}
        </div>
      )}
      {children}
    </section>
  );
}

export type Fact = { label: string; value: ReactNode; wide?: boolean };

export function Facts({ facts, columns }: { facts: Fact[]; columns?: 1 | 2 }) {
  return (
    <dl className={columns === 1 ? 'facts one' : 'facts'}>
      {facts.map(({ label, value, wide }) => (
        <div key={label} className={wide ? 'wide' : undefined}>
          <dt>{label}</dt>
          <dd>
            {value === null || value === undefined || value === '' ? (
              <span className="none">Not set</span>
            ) : (
              value
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

export type Figure = {
  label: string;
  value: ReactNode;
  note?: ReactNode;
  tone?: 'bad' | 'warn' | 'good' | undefined;
};

/** The few numbers that a page is about, in a row. */
export function Figures({ figures }: { figures: Figure[] }) {
  return (
    <dl className="figures">
      {figures.map(({ label, value, note, tone }) => (
        <div key={label} data-tone={tone}>
          <dt>{label}</dt>
          <dd className="num">{value}</dd>
          {note && <dd className="fine">{note}</dd>}
        </div>
      ))}
    </dl>
  );
}

type EmptyProps = { title: string; children?: ReactNode; action?: ReactNode; icon?: ReactNode };

/** Nothing here yet: what belongs here and how to begin. */
export function Empty({ title, children, action, icon }: EmptyProps) {
  return (
    <div className="empty">
      {icon && (
        <div className="empty-icon" aria-hidden>
          {icon}
        </div>
      )}
      <p className="empty-title">{title}</p>
      {children && <div className="empty-text">{children}</div>}
      {action && <div className="empty-action">{action}</div>}
    </div>
  );
}
