import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Job, planOf } from '../scripts/test-plan.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const all = globSync('{src,test}/**/*.{test,spec}.ts', { cwd: root }).sort();
const filesOf = ({ jobs, after }: { jobs: Job[]; after: Job[] }): string[] =>
  [...jobs, ...after].flatMap(({ files }) => files).sort();

test('npm run test:all runs every file once; npm test leaves the long ones out, and nothing else', () => {
  assert.ok(all.length > 300, `only ${all.length} files`);
  assert.deepEqual(filesOf(planOf(all, true)), all);
  const quick = filesOf(planOf(all, false));
  const leftOut = all.filter((file) => !quick.includes(file));
  assert.equal(quick.length + leftOut.length, all.length);
  assert.deepEqual(
    leftOut.filter((file) => !/^test\/e2e\/|memory\.test\.ts$|users\/installation\.test\.ts$/.test(file)),
    [],
  );
  for (const kept of ['first-session.spec', 'first-loop.spec', 'crash.test', 'walls.test', 'simulation.test'])
    assert.ok(
      quick.some((file) => file.includes(kept)),
      `npm test leaves out ${kept}`,
    );
});
