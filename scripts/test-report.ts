import { appendFileSync } from 'node:fs';
import path from 'node:path';
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';

export type Failure = { name: string; place: string; message: string };
/** What one process of tests leaves for the end of the run. */
export type Report = { passed: number; failed: number; skipped: number; failures: Failure[] };

type Ended = Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>['data'];

/**
 * A line for each test, with the suites around it, so that two processes may tell at once; and for
 * `npm test` a report in the file that OWED_TEST_REPORT names.
 */
// biome-ignore lint/style/noDefaultExport: node takes a reporter from there.
export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const failures: Failure[] = [];
  const names: string[] = [];
  for await (const { type, data } of events) {
    if (type === 'test:start') names[data.nesting] = data.name;
    if (type === 'test:stdout' || type === 'test:stderr') yield data.message;
    if (type === 'test:diagnostic' && !/^[a-z_]+ [\d.]+$/.test(data.message)) yield `ℹ ${data.message}\n`;
    if (type === 'test:pass' || type === 'test:fail') {
      const name = [...names.slice(0, data.nesting), data.name].join(' › ');
      const failure = type === 'test:fail' && !isOfSubtests(data) ? failureOf(name, data) : undefined;
      const mark = type === 'test:fail' ? '✖' : data.skip === undefined ? '✔' : '﹣';
      yield `${mark} ${name} (${data.details.duration_ms.toFixed(0)} ms)\n`;
      if (failure) {
        failures.push(failure);
        yield textOf(failure);
      }
    }
    if (type === 'test:summary' && data.file === undefined) {
      const { tests, passed, skipped, todo } = data.counts;
      const counts: Report = { passed, failed: tests - passed - skipped - todo, skipped, failures };
      const file = process.env.OWED_TEST_REPORT;
      if (file) appendFileSync(file, JSON.stringify(counts));
    }
  }
}

export const textOf = ({ place, message }: Failure): string =>
  `  ${place}\n${message.replaceAll(/^/gm, '  ')}\n`;

const isOfSubtests = ({ details }: Ended): boolean =>
  'error' in details && (details.error as { failureType?: string }).failureType === 'subtestsFailed';

function failureOf(name: string, { details, file, line }: Ended): Failure {
  const error = 'error' in details ? details.error : undefined;
  return {
    name,
    place: `${path.relative(process.cwd(), file ?? '')}:${line ?? ''}`,
    message: wordsOf(error),
  };
}

/** Of a file whose process fell over, node knows no more than how. */
function wordsOf(error: (Error & { signal?: string; exitCode?: number }) | undefined): string {
  const ended = error?.signal ?? error?.exitCode;
  if (ended !== undefined && ended !== null)
    return `Its process ended with ${ended}; what it said last stands above.`;
  const thrown: unknown = error?.cause ?? error;
  const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : inspect(thrown);
  return text
    .split('\n')
    .filter((each) => !/^\s+at .*\bnode:/.test(each))
    .join('\n')
    .trimEnd();
}
