/**
 * camelCase here, snake_case in SQL and JSON: the one place that knows both spellings for values of our own.
 */
type SnakeKey<K extends string> = K extends `${infer Head}${infer Tail}`
  ? Head extends Lowercase<Head>
    ? `${Head}${SnakeKey<Tail>}`
    : `_${Lowercase<Head>}${SnakeKey<Tail>}`
  : K;
type CamelKey<K extends string> = K extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelKey<Tail>>}`
  : K;

export type Snake<T> = { [K in keyof T as K extends string ? SnakeKey<K> : K]: T[K] };
export type Camel<T> = { [K in keyof T as K extends string ? CamelKey<K> : K]: T[K] };

export const snakeKey = (key: string): string =>
  key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
export const camelKey = (key: string): string =>
  key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const rename = (value: object, name: (key: string) => string): object =>
  Object.fromEntries(Object.entries(value).map(([key, item]) => [name(key), item]));

/** Top-level keys only: nested values are documents of their own. */
export const snake = <T extends object>(value: T): Snake<T> => rename(value, snakeKey) as Snake<T>;
export const camel = <T extends object>(value: T): Camel<T> => rename(value, camelKey) as Camel<T>;
