import type { FakeAccount } from './fake-books.ts';

export type Fields = Record<string, unknown>;
/** What a method answers, and what the network makes of it. */
export type Reply = { body: Fields; fate?: 'drop' | 'fail' | 'slow' };
export type Call = { account: FakeAccount; fields: Fields; refId: string | undefined };
export type Method = (call: Call) => Reply;

const messages = (resultCode: 'Ok' | 'Error', code: string, text: string): Fields => ({
  messages: { resultCode, message: [{ code, text }] },
});

export const ok = (body: Fields = {}): Reply => ({
  body: { ...body, ...messages('Ok', 'I00001', 'Successful.') },
});
export const noRecords = (body: Fields = {}): Reply => ({
  body: { ...body, ...messages('Ok', 'I00004', 'No records found.') },
});
export const refused = (code: string, text: string, body: Fields = {}): Reply => ({
  body: { ...body, ...messages('Error', code, text) },
});

/** A member of a request, which the schema has checked. */
export const part = (fields: Fields, name: string): Fields => (fields[name] ?? {}) as Fields;
export const textOf = (fields: Fields, name: string): string =>
  fields[name] === undefined || fields[name] === null ? '' : String(fields[name]);
export const masked = (number: string): string => `XXXX${number.slice(-4)}`;
/** `2026-03-02T15:00:00.123Z`, and the same without a zone: this account's business is in UTC. */
export const utc = (at: Date): string => at.toISOString();
export const local = (at: Date): string => at.toISOString().slice(0, -1);
