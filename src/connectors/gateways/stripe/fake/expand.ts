import type { Account } from './account.ts';
import { malformed } from './wire.ts';

type Plain = { [name: string]: unknown };
const isPlain = (value: unknown): value is Plain =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** A thing as it stands now, apart from what is kept of it. */
export function shown(account: Account, thing: object): Plain {
  const copy: unknown = structuredClone(thing);
  if (!isPlain(copy)) throw new Error('only objects are shown');
  if (copy.object === 'balance_transaction')
    copy.status = Number(copy.available_on) * 1000 <= account.now_ms ? 'available' : 'pending';
  return copy;
}

/** Puts the object in the place of its id, path by path: `data.latest_charge.balance_transaction`. */
export function expand(account: Account, reply: Plain, paths: readonly string[]): Plain {
  for (const path of paths) {
    const names = path.split('.');
    if (names.length > 4)
      throw malformed(`You cannot expand more than 4 levels: ${path}`, 'parameter_invalid', 'expand');
    expandOne(account, reply, names, path);
  }
  return reply;
}

function expandOne(account: Account, within: unknown, [name = '', ...rest]: string[], path: string): void {
  if (Array.isArray(within)) {
    for (const each of within) expandOne(account, each, [name, ...rest], path);
    return;
  }
  if (!isPlain(within)) return;
  if (!Object.hasOwn(within, name))
    throw malformed(`This property cannot be expanded (${path}).`, 'parameter_invalid', 'expand');
  const value = within[name];
  if (typeof value === 'string') {
    const thing = account.things.get(value);
    if (!thing) throw malformed(`This property cannot be expanded (${path}).`, 'parameter_invalid', 'expand');
    within[name] = shown(account, thing);
  }
  if (rest.length > 0) expandOne(account, within[name], rest, path);
}
