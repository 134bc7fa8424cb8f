import { type Reply, refusal } from './wire.ts';

/** One page of a list in its order: `?limit=&starting_after=`, the id of the last one seen. */
export function pageOf<T extends { id: string }>(
  found: readonly T[],
  { searchParams }: URL,
  onWire: (each: T) => object,
): Reply {
  const limit = Number(searchParams.get('limit') ?? '100');
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
    return refusal(422, 'invalid', 'limit is a whole number from 1 to 1000.', 'limit');
  }
  const after = searchParams.get('starting_after');
  const last = after === null ? -1 : found.findIndex((each) => each.id === after);
  if (after !== null && last < 0)
    return refusal(422, 'invalid', 'starting_after is none of this list.', 'starting_after');
  const from = last + 1;
  const data = found.slice(from, from + limit).map(onWire);
  return { status: 200, json: { object: 'list', data, has_more: found.length > from + limit } };
}
