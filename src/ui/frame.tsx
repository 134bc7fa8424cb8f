import type { ReactNode } from 'react';
import { createContext, use } from 'react';
import { formatDate, formatInstant } from '#lib/dates.ts';
import type { Scope } from '#lib/endpoint.ts';
import { formatMoney } from '#lib/money.ts';

/** What every page needs to know of its organization: how to write amounts and dates, and who may act. */
export type Frame = {
  organizationName: string;
  mode: 'live' | 'sandbox';
  currency: string;
  locale: string;
  timeZone: string;
  /** The organization's date; ahead of the wall calendar in a sandbox whose clock was moved. */
  today: string;
  scopes: readonly string[];
  /** The article of the guide that explains this page. */
  article: string | undefined;
};

const FrameContext = createContext<Frame | null>(null);

export function FrameProvider({ frame, children }: { frame: Frame; children: ReactNode }) {
  return <FrameContext value={frame}>{children}</FrameContext>;
}

/** For what may also stand outside of the shell. */
export const useArticle = (): string | undefined => use(FrameContext)?.article;

export function useFrame(): Frame & {
  can: (scope: Scope) => boolean;
  money: (amount: number | bigint, currency?: string) => string;
  date: (date: string) => string;
  instant: (instant: Date) => string;
  /** `1,204 rows`, `1 row`. */
  count: (number: number, noun: string) => string;
} {
  const frame = use(FrameContext);
  if (!frame) throw new Error('this page stands outside the shell');
  return {
    ...frame,
    can: (scope) => frame.scopes.includes(scope),
    money: (amount, currency = frame.currency) => formatMoney(BigInt(amount), currency, frame.locale),
    date: (date) => formatDate(date, frame.locale),
    instant: (instant) => formatInstant(instant, frame.timeZone, frame.locale),
    count: (number, noun) => `${number.toLocaleString(frame.locale)} ${noun}${number === 1 ? '' : 's'}`,
  };
}
