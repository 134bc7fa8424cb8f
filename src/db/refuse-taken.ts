import pg from 'pg';
import { Refusal } from '#lib/errors.ts';

/** Run a write; where a unique index refuses it, the refusal is told in the words given for that index. */
export async function refuseTaken<T>(
  words: Record<string, { message: string; param: string }>,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const refusal =
      error instanceof pg.DatabaseError && error.code === '23505' && words[error.constraint ?? ''];
    if (refusal) throw new Refusal('conflict', refusal);
    throw error;
  }
}
