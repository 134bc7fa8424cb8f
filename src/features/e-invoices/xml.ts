import Builder from 'fast-xml-builder';

/** An element: text, or children by name in their order; `@name` is an attribute. */
export type Xml = { [name: string]: Xml | Xml[] | string | undefined };

const builder = new Builder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  format: true,
  suppressBooleanAttributes: false,
});

/** Characters that XML has no way to write are left out. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export function writeXml(root: Xml): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(cleaned(root))}`;
}

/** Without what is missing: an element that is empty is refused by both languages. */
function cleaned(xml: Xml): Xml {
  const kept = Object.entries(xml).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    kept.map(([name, value]) => {
      if (typeof value === 'string') return [name, value.toWellFormed().replace(unwritable, '')];
      return [name, Array.isArray(value) ? value.map(cleaned) : cleaned(value as Xml)];
    }),
  );
}

/** Given words, or no element at all. */
export const optional = (text: string | null | undefined): string | undefined => text?.trim() || undefined;
