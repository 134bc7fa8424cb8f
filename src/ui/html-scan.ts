/** Where a value stands in a template, found once per template from its constant parts. */
export type Hole = {
  place: 'text' | 'attribute' | 'url' | 'style' | 'tag' | 'raw';
  /** The attribute, or the raw element. */
  name: string;
  /** For the first value of an address: what the template has before it. */
  start?: string;
};

type State = 'text' | 'tag' | 'name' | 'before' | 'double' | 'single' | 'comment' | 'raw';
type Scan = { state: State; element: string; attribute: string; since: string; fresh: boolean };

/** Attributes whose value is an address. */
export const urlAttributes = new Set([
  'href',
  'src',
  'action',
  'formaction',
  'poster',
  'cite',
  'background',
  'data',
]);
/** Attributes that no escaping makes safe. */
export const refusedAttribute = /^(on|style$|srcdoc$|srcset$)/;
const rawElements = new Set(['script', 'style']);

export function scanTemplate(strings: readonly string[]): Hole[] {
  const scan: Scan = { state: 'text', element: '', attribute: '', since: '', fresh: true };
  const holes: Hole[] = [];
  for (const [index, part] of strings.entries()) {
    read(scan, part);
    if (index < strings.length - 1) holes.push(holeAt(scan));
  }
  if (scan.state !== 'text') throw new Error('a template must end outside of tags, comments and scripts');
  return holes;
}

function holeAt(scan: Scan): Hole {
  if (scan.state === 'text') return { place: 'text', name: '' };
  if (scan.state === 'tag') return { place: 'tag', name: scan.element };
  if (scan.state === 'raw') return { place: 'raw', name: scan.element };
  if (scan.state !== 'double' && scan.state !== 'single') {
    throw new Error(`a value cannot stand here: ${scan.state} ${scan.attribute}`);
  }
  const name = scan.attribute;
  if (name === 'style') return { place: 'style', name };
  if (refusedAttribute.test(name)) throw new Error(`a value cannot stand in the attribute ${name}`);
  if (!urlAttributes.has(name)) return { place: 'attribute', name };
  const hole: Hole = scan.fresh ? { place: 'url', name, start: scan.since } : { place: 'url', name };
  scan.fresh = false;
  return hole;
}

function read(scan: Scan, part: string): void {
  let at = 0;
  while (at < part.length) at = step(scan, part, at);
}

/** Consumes one piece of the constant text and answers where the next one starts. */
function step(scan: Scan, part: string, at: number): number {
  if (scan.state === 'text') return inText(scan, part, at);
  if (scan.state === 'comment') return past(scan, part, at, '-->');
  if (scan.state === 'raw') return past(scan, part, at, `</${scan.element}>`);
  if (scan.state === 'double' || scan.state === 'single') return inValue(scan, part, at);
  const rest = part.slice(at);
  if (scan.state === 'before') {
    if (rest.startsWith('"') || rest.startsWith("'")) {
      scan.state = rest.startsWith('"') ? 'double' : 'single';
      scan.since = '';
      scan.fresh = true;
      return at + 1;
    }
    throw new Error(`the attribute ${scan.attribute} must be quoted`);
  }
  return inTag(scan, rest, at);
}

function inText(scan: Scan, part: string, at: number): number {
  const open = part.indexOf('<', at);
  if (open < 0) return part.length;
  const rest = part.slice(open);
  if (rest.startsWith('<!--')) {
    scan.state = 'comment';
    return open + 4;
  }
  const tag = /^<(!?\/?[a-zA-Z][a-zA-Z0-9-]*)/.exec(rest);
  if (!tag?.[1]) throw new Error('a bare < in a template: write &lt;');
  scan.state = 'tag';
  scan.element = tag[1].toLowerCase();
  return open + tag[0].length;
}

function inTag(scan: Scan, rest: string, at: number): number {
  if (rest.startsWith('>')) {
    scan.state = rawElements.has(scan.element) ? 'raw' : 'text';
    return at + 1;
  }
  const space = /^[\s/]+/.exec(rest);
  if (space) {
    scan.state = 'tag';
    return at + space[0].length;
  }
  const name = /^[^\s=>/"'<]+/.exec(rest);
  if (!name) throw new Error(`cannot read the tag <${scan.element}> at ${rest.slice(0, 12)}`);
  scan.attribute = name[0].toLowerCase();
  const equals = /^\s*=\s*/.exec(rest.slice(name[0].length));
  scan.state = equals ? 'before' : 'name';
  return at + name[0].length + (equals?.[0].length ?? 0);
}

function inValue(scan: Scan, part: string, at: number): number {
  const quote = scan.state === 'double' ? '"' : "'";
  const end = part.indexOf(quote, at);
  scan.since += part.slice(at, end < 0 ? part.length : end);
  if (end < 0) return part.length;
  scan.state = 'name';
  return end + 1;
}

function past(scan: Scan, part: string, at: number, end: string): number {
  const found = part.indexOf(end, at);
  if (found < 0) return part.length;
  scan.state = 'text';
  return found + end.length;
}
