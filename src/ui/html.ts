import type { Hole } from '#ui/html-scan.ts';
import { refusedAttribute, scanTemplate, urlAttributes } from '#ui/html-scan.ts';

/** Markup that is safe to send. Only this file makes one, so data that merely looks like one stays text. */
export class Html {
  readonly #markup: string;
  constructor(key: symbol, markup: string) {
    if (key !== ours) throw new Error('Html is made by html`…` or raw()');
    this.#markup = markup;
  }
  toString(): string {
    return this.#markup;
  }
}

/** Attributes of a tag, made by `attributes()`; the only value allowed between a tag's attributes. */
export class Attributes {
  readonly #markup: string;
  constructor(key: symbol, markup: string) {
    if (key !== ours) throw new Error('Attributes are made by attributes()');
    this.#markup = markup;
  }
  toString(): string {
    return this.#markup;
  }
}

/** Inline styles, made by `inlineStyle()`; only mail needs them, where style sheets get lost. */
export class Style {
  readonly #markup: string;
  constructor(key: symbol, markup: string) {
    if (key !== ours) throw new Error('a Style is made by inlineStyle()');
    this.#markup = markup;
  }
  toString(): string {
    return this.#markup;
  }
}

const ours = Symbol('html');

/** What may stand in text; `undefined`, `null` and `false` leave it empty: `${due && html`…`}`. */
export type Content = Html | string | number | bigint | false | null | undefined | readonly Content[];

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => entities[char] ?? char);

/** Our own constants, as they are. Never for anything that came from outside. */
export const raw = (markup: string): Html => new Html(ours, markup);

export const join = (parts: readonly Content[], separator: Content = ''): Html =>
  new Html(ours, parts.map(text).join(text(separator)));

function text(value: Content): string {
  if (value instanceof Html) return value.toString();
  if (value === undefined || value === null || value === false) return '';
  if (Array.isArray(value)) return value.map(text).join('');
  return escapeHtml(plain(value, 'text'));
}

function plain(value: unknown, where: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return String(value);
  throw new Error(
    `${where} cannot hold ${value === null ? 'null' : value instanceof Html ? 'markup' : typeof value}`,
  );
}

const openSchemes = new Set(['http', 'https', 'mailto', 'tel', 'cid']);

/** Refuses an address that would run script or leave the web: `javascript:`, `data:`, `vbscript:`, … */
export function checkUrl(url: string): string {
  // Browsers drop control characters and leading space before they read the scheme.
  const seen = [...url].filter((char) => char > ' ' && char !== '\u007f').join('');
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(seen)?.[1]?.toLowerCase();
  if (scheme && !openSchemes.has(scheme)) throw new Error(`refused the address scheme ${scheme}:`);
  return url;
}

type AttributeValue = string | number | bigint | boolean | undefined;

/**
 * `attributes({ checked: true, 'aria-describedby': id })`: `undefined` and `false` are left out, `true`
 * stands bare.
 */
export function attributes(values: Record<string, AttributeValue>): Attributes {
  let markup = '';
  for (const [name, value] of Object.entries(values)) {
    if (!/^[a-z][a-z0-9-]*$/.test(name) || refusedAttribute.test(name)) {
      throw new Error(`refused the attribute ${name}`);
    }
    if (value === undefined || value === false) continue;
    const separator = markup === '' ? '' : ' ';
    if (value === true) markup += `${separator}${name}`;
    else {
      const shown = urlAttributes.has(name) ? checkUrl(String(value)) : String(value);
      markup += `${separator}${name}="${escapeHtml(shown)}"`;
    }
  }
  return new Attributes(ours, markup);
}

/** `inlineStyle({ 'font-size': '14px' })`; refuses what could end the value or load something. */
export function inlineStyle(declarations: Record<string, string | number>): Style {
  const parts = Object.entries(declarations).map(([property, value]) => {
    const safe =
      /^[a-z-]+$/.test(property) &&
      /^[\w #%,.'()-]+$/.test(String(value)) &&
      !/url|expression/i.test(String(value));
    if (!safe) throw new Error(`refused the style ${property}`);
    return `${property}:${value}`;
  });
  return new Style(ours, escapeHtml(parts.join(';')));
}

const plans = new WeakMap<TemplateStringsArray, Hole[]>();

/**
 * A template whose every value is escaped for the place where it stands: text, a quoted attribute, an
 * address. Places that no escaping makes safe (script, style, unquoted or `on…` attributes, tag names)
 * refuse values.
 */
export function html(strings: TemplateStringsArray, ...values: (Content | Attributes | Style)[]): Html {
  let holes = plans.get(strings);
  if (!holes) {
    holes = scanTemplate(strings);
    plans.set(strings, holes);
  }
  let markup = strings[0] ?? '';
  let url = '';
  for (const [index, hole] of holes.entries()) {
    const value = values[index];
    const following = strings[index + 1] ?? '';
    if (hole.place === 'url') {
      const part = plain(value, `the attribute ${hole.name}`);
      url = `${hole.start ?? url}${part}${/^[^"']*/.exec(following)?.[0] ?? ''}`;
      checkUrl(url);
      markup += escapeHtml(part);
    } else markup += fill(hole, value);
    markup += following;
  }
  return new Html(ours, markup);
}

function fill(hole: Hole, value: Content | Attributes | Style): string {
  if (hole.place === 'style') {
    if (value instanceof Style) return value.toString();
    throw new Error('the attribute style takes inlineStyle() only');
  }
  if (hole.place === 'tag') {
    if (value instanceof Attributes) return value.toString();
    throw new Error('between attributes only attributes() may stand');
  }
  if (hole.place === 'attribute') return escapeHtml(plain(value, `the attribute ${hole.name}`));
  if (hole.place === 'raw') {
    if (value instanceof Html && !/<\/|<!--/.test(value.toString())) return value.toString();
    throw new Error(`inside <${hole.name}> only raw() without a closing tag may stand`);
  }
  if (value instanceof Attributes || value instanceof Style) throw new Error('attributes stand inside a tag');
  return text(value);
}
