import { malformed } from './wire.ts';

export type Param = string | Param[] | Params;
export type Params = { [name: string]: Param };

const isHash = (value: Param | undefined): value is Params =>
  value !== undefined && typeof value === 'object' && !Array.isArray(value);

/** `a[b]=1&c[]=2&d[0]=3`, as Stripe reads forms and queries. */
export function readForm(text: string): Params {
  const root: Params = {};
  for (const [path, value] of new URLSearchParams(text)) put(root, namesOf(path), value);
  return tidied(root);
}

function namesOf(path: string): string[] {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(path);
  if (!match) throw malformed(`Invalid parameter name: ${path}`, 'parameter_unknown', path);
  return [match[1] ?? '', ...[...(match[2] ?? '').matchAll(/\[([^\]]*)\]/g)].map(([, name = '']) => name)];
}

function put(into: Params, names: string[], value: string): void {
  const [name = '', ...rest] = names;
  const key = name === '' ? String(Object.keys(into).length) : name;
  if (rest.length === 0) {
    into[key] = value;
    return;
  }
  const inner = into[key];
  const hash = isHash(inner) ? inner : {};
  into[key] = hash;
  put(hash, rest, value);
}

/** A hash whose names are 0, 1, 2 … is a list. */
function tidied(params: Params): Params {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, listed(value)]));
}

function listed(value: Param): Param {
  if (!isHash(value)) return value;
  const names = Object.keys(value);
  const inner = tidied(value);
  return names.length > 0 && names.every((name, at) => name === String(at)) ? Object.values(inner) : inner;
}

export type FilePart = { name: string; type: string; bytes: Buffer };

/** The body of POST /v1/files: fields, and one file. */
export function readMultipart(body: Buffer, contentType: string): { params: Params; file?: FilePart } {
  const boundary = /boundary=([^;]+)/.exec(contentType)?.[1];
  if (!boundary) throw malformed('Invalid multipart body: no boundary', 'parameter_missing');
  const params: Params = {};
  let file: FilePart | undefined;
  // Latin-1 keeps every byte as one character.
  for (const part of body.toString('latin1').split(`--${boundary}`).slice(1, -1)) {
    const [head = '', ...rest] = part.replace(/^\r\n/, '').split('\r\n\r\n');
    const content = rest.join('\r\n\r\n').replace(/\r\n$/, '');
    const name = /name="([^"]*)"/.exec(head)?.[1] ?? '';
    const filename = /filename="([^"]*)"/.exec(head)?.[1];
    if (filename === undefined) params[name] = content;
    else {
      const type = /Content-Type: (\S+)/i.exec(head)?.[1] ?? '';
      file = { name: filename, type, bytes: Buffer.from(content, 'latin1') };
    }
  }
  return { params, ...(file && { file }) };
}
