/** The code of a file without comments and string contents, so that a word in a sentence is no finding. */
export function plainCode(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`\\])\/\/.*$/gm, '$1');
}

type Rule = { name: string; pattern: RegExp; only: string[]; except?: RegExp };

const tests = /\.test\.ts$/;

/** What stands nowhere but in the one file that owns it. */
export const forbiddenPatterns: readonly Rule[] = [
  {
    name: 'the clock is read (systemNow is in lib/dates.ts)',
    pattern: /\bDate\.now\(|\bnew Date\(\)/,
    only: ['src/lib/dates.ts', 'src/lib/ids.ts'],
    except: tests,
  },
  {
    name: 'a float is parsed',
    pattern: /\bparseFloat\(|\.toFixed\(/,
    only: [],
    except: /\/ui\/|^src\/ui\/|^src\/web\/|rules|pdf\/|tests?\//,
  },
  { name: 'chance', pattern: /\bMath\.random\(/, only: [] },
  { name: 'any', pattern: /(:|<|as|\|)\s*any\b(?!\()/, only: [] },
  { name: 'as unknown as', pattern: /\bas unknown as\b/, only: [] },
  {
    name: 'the environment is read',
    pattern: /\bprocess\.env\b/,
    only: ['src/main.ts', 'src/cli.ts', 'src/connectors/gateways/sandbox/main.ts'],
    except: tests,
  },
  { name: 'a type error is silenced', pattern: /@ts-(ignore|nocheck|expect-error)|biome-ignore/, only: [] },
  {
    name: 'an enum, a namespace or a parameter property',
    pattern: /^\s*(export )?(const )?enum \w|^\s*(export )?namespace \w/m,
    only: [],
  },
];

const badWords =
  /^(?:.*-)?(service|manager|helper|helpers|util|utils|handler|processor|impl|base|abstract|dto|info|common|misc)(?:-.*)?$/;
const synonyms = /\b(client(?!s?[.(:]|\b)|tenant|merchant|allocation|creditNote|overdueDays|nudge)\w*\b/;

/** A file name that is not kebab-case or says nothing, and identifiers that use another word than the glossary's. */
export function nameFaults(file: string, code: string): string[] {
  const base = (file.split('/').at(-1) ?? '').replace(/(\.d|\.test|\.spec)?\.tsx?$/, '');
  const faults: string[] = [];
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(base)) faults.push(`${file}: not kebab-case`);
  if (badWords.test(base)) faults.push(`${file}: the name says nothing`);
  const declared = [...code.matchAll(/\b(?:const|let|function|type|class)\s+(\w+)/g)].map(
    ([, name]) => name as string,
  );
  for (const name of declared) {
    if (synonyms.test(name)) faults.push(`${file}: ${name} is not the glossary's word`);
    if (/(Service|Manager|Helper|Util|Processor|Impl|Abstract|DTO|Misc)$/.test(name))
      faults.push(`${file}: ${name} says nothing`);
  }
  return faults;
}

/** Functions above 70 lines, found by their first line and the closing brace at the same indent; parameters by commas. */
export function longFunctions(file: string, text: string): string[] {
  const lines = text.split('\n');
  const faults: string[] = [];
  lines.forEach((line, at) => {
    const start =
      /^(\s*)(?:export )?(?:default )?(?:async )?function\*? (\w+)/.exec(line) ??
      /^(\s*)(?:export )?const (\w+)\s*(?::[^=]+)?=\s*(?:async )?\([^)]*\)[^=]*=>\s*\{\s*$/.exec(line);
    if (!start) return;
    const [, indent = '', name = ''] = start;
    const end = lines.findIndex(
      (other, index) =>
        index > at &&
        other.startsWith(`${indent}}`) &&
        !other.startsWith(`${indent}})`) &&
        other.trim().startsWith('}') &&
        !/^\s*\}[:,]/.test(other),
    );
    if (end - at + 1 > 70) faults.push(`${file}:${at + 1} ${name} has ${end - at + 1} lines`);
    const signature = lines.slice(at, at + 12).join('\n');
    const parameters = /\(([\s\S]*?)\)\s*(?::[^{=]*)?(?:\{|=>)/.exec(signature)?.[1] ?? '';
    const flat = parameters.replace(/\{[^{}]*\}|\([^()]*\)|<[^<>]*>|\[[^[\]]*\]/g, '').replace(/,\s*$/, '');
    if (flat.split(',').length > 4) faults.push(`${file}:${at + 1} ${name} has more than four parameters`);
  });
  return faults;
}
