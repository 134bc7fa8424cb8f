import pg from 'pg';
import { csvLine, guardFormula } from '#lib/csv-line.ts';

export type Unreadable = { path: string; reason: string };

/** The database says so of one value whose bytes on the disk are spoilt; all other errors are of the work. */
export const isSpoilt = (error: unknown): error is pg.DatabaseError =>
  error instanceof pg.DatabaseError && (error.code ?? '').startsWith('XX');

/** What could not be read, by name: an archive that lacks a file says so. */
export const unreadableCsv = (files: readonly Unreadable[]): string =>
  `\ufeff${csvLine(['File', 'What is wrong'])}${files
    .map(({ path, reason }) => csvLine([path, reason].map(guardFormula)))
    .join('')}`;
