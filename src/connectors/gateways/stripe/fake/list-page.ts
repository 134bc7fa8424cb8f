import { integerOf, textOf } from './check-params.ts';
import type { Params } from './form.ts';
import { malformed, missing } from './wire.ts';

/** One page of a list, newest first: `limit` of 1 to 100, after the object that `starting_after` names. */
export function listPage(
  all: readonly { id: string }[],
  url: string,
  params: Params,
  show: (thing: { id: string }) => object,
): { [name: string]: unknown } {
  const limit = integerOf(params, 'limit') ?? 10;
  if (limit < 1 || limit > 100)
    throw malformed('Invalid integer: limit must be between 1 and 100', 'parameter_invalid_integer', 'limit');
  const after = textOf(params, 'starting_after');
  const at = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
  if (after !== undefined && at === 0) throw missing('object', after, 'starting_after');
  const data = all.slice(at, at + limit).map(show);
  return { object: 'list', url, has_more: all.length > at + limit, data };
}
