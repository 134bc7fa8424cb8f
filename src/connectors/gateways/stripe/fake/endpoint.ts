import type { Account, Thing } from './account.ts';
import type { Shapes } from './check-params.ts';
import type { FilePart, Params } from './form.ts';

export type Call = { account: Account; params: Params; id: string; file?: FilePart; inBrowser: boolean };

/** One of Stripe's addresses: what it takes, what a restricted key needs for it, and what it does. */
export type EndpointAt = {
  method: 'GET' | 'POST';
  path: RegExp;
  permission: string;
  shapes: Shapes;
  required?: readonly string[];
  browser?: boolean;
  run(call: Call): object | Thing[];
};

export const created: Shapes = { gte: 'integer', gt: 'integer', lte: 'integer', lt: 'integer' };
export const paging: Shapes = {
  limit: 'integer',
  starting_after: 'text',
  ending_before: 'text',
  expand: 'texts',
};
export const one: Shapes = { expand: 'texts' };
