import { isCalendarDate } from '#lib/dates.ts';

type Search = Record<string, unknown>;
type Reader<T> = (value: unknown) => T | undefined;

/** The router reads `q=1042` as a number; a search is always text. */
export const text: Reader<string> = (value) =>
  typeof value === 'string' || typeof value === 'number' ? String(value) || undefined : undefined;
export const date: Reader<string> = (value) =>
  typeof value === 'string' && isCalendarDate(value) ? value : undefined;
export const oneOf =
  <const T extends string>(choices: readonly T[]): Reader<T> =>
  (value) =>
    choices.find((choice) => choice === value);

type Read<R extends Record<string, Reader<unknown>>> = {
  [K in keyof R]?: Exclude<ReturnType<R[K]>, undefined>;
};

/** A page's search as it may be: unknown names and values fall away, so an old link still opens something. */
export const searchOf =
  <R extends Record<string, Reader<unknown>>>(readers: R) =>
  (search: Search): Read<R> =>
    Object.fromEntries(
      Object.entries(readers).flatMap(([name, read]) => {
        const value = read(search[name]);
        return value === undefined ? [] : [[name, value]];
      }),
    ) as Read<R>;

/** For a page whose filters only the server knows: it says what it does not take. */
export const anySearch = (search: Search): Record<string, string> =>
  Object.fromEntries(
    Object.entries(search).flatMap(([name, value]) => {
      const said = text(value);
      return said === undefined ? [] : [[name, said]];
    }),
  );
