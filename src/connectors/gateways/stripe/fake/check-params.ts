import type { Param, Params } from './form.ts';
import { malformed } from './wire.ts';

/** What a parameter may be. A list of words is a choice; a nested object names what a hash may hold. */
export type Shape =
  | 'text'
  | 'texts'
  | 'integer'
  | 'boolean'
  | 'hash'
  | readonly string[]
  | { readonly [name: string]: Shape };
export type Shapes = { readonly [name: string]: Shape };

/** Stripe refuses what it does not know, by name. */
export function checkParams(params: Params, shapes: Shapes, required: readonly string[] = []): void {
  for (const name of required)
    if (params[name] === undefined)
      throw malformed(`Missing required param: ${name}.`, 'parameter_missing', name);
  checkHash(params, shapes, '');
}

function checkHash(params: Params, shapes: Shapes, within: string): void {
  for (const [name, value] of Object.entries(params)) {
    const path = within === '' ? name : `${within}[${name}]`;
    const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
    if (shape === undefined)
      throw malformed(`Received unknown parameter: ${path}`, 'parameter_unknown', path);
    checkOne(value, shape, path);
  }
}

function checkOne(value: Param, shape: Shape, path: string): void {
  if (typeof shape === 'object' && !Array.isArray(shape)) {
    if (typeof value !== 'object' || Array.isArray(value))
      throw malformed(`Invalid hash: ${path}`, 'parameter_invalid_hash', path);
    checkHash(value, shape as Shapes, path);
    return;
  }
  if (shape === 'hash') {
    if (typeof value !== 'object' || Array.isArray(value) || Object.values(value).some(isNotText))
      throw malformed(`Invalid hash: ${path}`, 'parameter_invalid_hash', path);
    return;
  }
  if (shape === 'texts') {
    if (!Array.isArray(value) || value.some(isNotText))
      throw malformed(`Invalid array: ${path}`, 'parameter_invalid_array', path);
    return;
  }
  if (typeof value !== 'string') throw malformed(`Invalid string: ${path}`, 'parameter_invalid_string', path);
  if (shape === 'integer' && !/^-?\d{1,16}$/.test(value))
    throw malformed(`Invalid integer: ${value}`, 'parameter_invalid_integer', path);
  if (shape === 'boolean' && value !== 'true' && value !== 'false')
    throw malformed(`Invalid boolean: ${value}`, 'parameter_invalid_boolean', path);
  if (Array.isArray(shape) && !shape.includes(value))
    throw malformed(`Invalid ${path}: must be one of ${shape.join(', ')}`, 'parameter_invalid', path);
}

const isNotText = (value: Param): boolean => typeof value !== 'string';

export const textOf = (params: Params, name: string): string | undefined => {
  const value = params[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};
export const flagOf = (params: Params, name: string): boolean => params[name] === 'true';
export const integerOf = (params: Params, name: string): number | undefined => {
  const text = textOf(params, name);
  return text === undefined ? undefined : Number(text);
};
export const textsOf = (params: Params, name: string): string[] => {
  const value = params[name];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
};
export const hashOf = (params: Params, name: string): Params => {
  const value = params[name];
  return typeof value === 'object' && !Array.isArray(value) ? value : {};
};
export const wordsOf = (params: Params, name: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(hashOf(params, name)).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
