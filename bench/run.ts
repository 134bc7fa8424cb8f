import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BenchResult } from './support/result.ts';

/**
 * npm run bench -- [name …] [--json]: each workload and its bare reference in one run, so that the ratio means something
 * on any machine. One JSON object a line with --json. What they share is in support/.
 */
const folder = fileURLToPath(new URL('.', import.meta.url));
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const asJson = process.argv.includes('--json');
const names = globSync('*.ts', { cwd: folder })
  .map((file) => file.replace('.ts', ''))
  .filter((name) => name !== 'run')
  .sort();
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown[0]}. There are: ${names.join(', ')}\n`);
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : names) {
  const { run } = (await import(`./${name}.ts`)) as { run(): Promise<BenchResult[]> };
  for (const result of await run()) {
    const { value, unit, against, ratio, note } = result;
    const text = `${result.name.padEnd(44)} ${String(value).padStart(12)} ${unit}${against === null ? '' : `   against ${against}`}${ratio === null ? '' : `   ratio ${ratio}`}${note ? `   ${note}` : ''}`;
    process.stdout.write(`${asJson ? JSON.stringify(result) : text}\n`);
  }
}
process.exit(0);
