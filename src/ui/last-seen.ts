import { ApiError } from '#ui/call.ts';

type Seen = { page: string; error?: string; request_id?: string };

const seen: Seen = { page: '' };

/** The page somebody is on, and was on before they went for help: a question to support names it. */
export function notePage(path: string): void {
  if (!/^\/console\/help(\/|$)/.test(path)) seen.page = path;
}

/** What went wrong last, as it was shown. */
export function noteProblem(error: unknown): void {
  if (!(error instanceof Error)) return;
  seen.error = error.message;
  if (error instanceof ApiError && error.request_id) seen.request_id = error.request_id;
  else delete seen.request_id;
}

export const lastSeen = (): Readonly<Seen> => ({ ...seen });
