import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const cruiser = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');

type Violation = { rule: { name: string }; from: string; cycle?: { name: string }[] };
type Report = { summary: { totalCruised: number; violations: Violation[] } };

function cruise(folder: string): Report['summary'] {
  const { stdout } = spawnSync(
    process.execPath,
    [cruiser, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'src'],
    {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 200_000_000,
    },
  );
  return (JSON.parse(stdout) as Report).summary;
}

/** A small house of its own, with the real walls, in which each violation can be planted. */
const planted = mkdtempSync(path.join(tmpdir(), 'owed-walls-'));
after(() => rmSync(planted, { recursive: true, force: true }));

const files: Record<string, string> = {
  'src/features/correspondence/texter.ts': 'export const port = 1;',
  'src/features/correspondence/letter-printer.ts': 'export const port = 1;',
  'src/features/correspondence/decide.ts': 'export const decide = 1;',
  'src/connectors/sms/twilio/texter.ts':
    "import { port } from '#features/correspondence/texter.ts';\nexport const texter = port;",
  'src/connectors/letters/lob/printer.ts':
    "import { port } from '#features/correspondence/letter-printer.ts';\nexport const printer = port;",
  'src/lib/money.ts': 'export const money = 1;',
  'src/db/db.ts': "import { money } from '#lib/money.ts';\nexport const db = money;",
  'src/http/serve.ts': "import { db } from '#db/db.ts';\nexport const serve = db;",
  'src/jobs/queue.ts': "import { db } from '#db/db.ts';\nexport const queue = db;",
  'src/ui/html.ts': "import { money } from '#lib/money.ts';\nexport const html = money;",
  'src/features/payments/payment-gateway.ts': 'export const port = 1;',
  'src/features/payments/gateways.ts': 'export const open = 1;\nexport type GatewayVendor = string;',
  'src/features/payments/pay.ts': "import { db } from '#db/db.ts';\nexport const pay = db;",
  'src/features/payments/rules.ts': "import { money } from '#lib/money.ts';\nexport const rule = money;",
  'src/features/payments/api.ts': "import { money } from '#lib/money.ts';\nexport const api = money;",
  'src/features/invoices/issue.ts': "import { db } from '#db/db.ts';\nexport const issue = db;",
  'src/features/payments/ui/staff/page.ts':
    "import { api } from '#features/payments/api.ts';\nexport const page = api;",
  'src/web/portal/views/page.ts': "import { html } from '#ui/html.ts';\nexport const view = html;",
  'src/connectors/gateways/sandbox/sandbox.ts':
    "import type { GatewayVendor } from '#features/payments/gateways.ts';\nimport { port } from '#features/payments/payment-gateway.ts';\nexport const sandbox = port;\nexport type V = GatewayVendor;",
  'src/features/mail-news/mail-news-reader.ts': 'export const reader = 1;',
  'src/connectors/mail-news/one/one-reader.ts':
    "import { reader } from '#features/mail-news/mail-news-reader.ts';\nexport const one = reader;",
  'src/connectors/gateways/other/other.ts': 'export const other = 1;',
  'src/main.ts':
    "import { pay } from '#features/payments/pay.ts';\nimport { sandbox } from '#connectors/gateways/sandbox/sandbox.ts';\nexport const all = [pay, sandbox];",
};

const violations: [rule: string, file: string, line: string][] = [
  ['lib-knows-nobody', 'src/lib/money.ts', "import { db } from '#db/db.ts';\nexport const x = db;"],
  ['db-knows-lib', 'src/db/db.ts', "import { serve } from '#http/serve.ts';\nexport const x = serve;"],
  [
    'jobs-and-http-know-db-and-lib',
    'src/jobs/queue.ts',
    "import { pay } from '#features/payments/pay.ts';\nexport const x = pay;",
  ],
  [
    'features-know-no-connector-nor-main',
    'src/features/payments/pay.ts',
    "import { sandbox } from '#connectors/gateways/sandbox/sandbox.ts';\nexport const x = sandbox;",
  ],
  [
    'http-only-from-routes',
    'src/features/payments/pay.ts',
    "import { serve } from '#http/serve.ts';\nexport const x = serve;",
  ],
  [
    'pages-only-from-routes',
    'src/features/payments/pay.ts',
    "import { html } from '#ui/html.ts';\nexport const x = html;",
  ],
  [
    'rules-are-pure',
    'src/features/payments/rules.ts',
    "import { db } from '#db/db.ts';\nexport const x = db;",
  ],
  [
    'rules-use-no-package',
    'src/features/payments/rules.ts',
    "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;",
  ],
  [
    'staff-pages-know-apis-and-rules',
    'src/features/payments/ui/staff/page.ts',
    "import { pay } from '#features/payments/pay.ts';\nexport const x = pay;",
  ],
  [
    'portal-never-imports-staff',
    'src/web/portal/views/page.ts',
    "import { page } from '#features/payments/ui/staff/page.ts';\nexport const x = page;",
  ],
  [
    'ui-knows-lib',
    'src/ui/html.ts',
    "import { api } from '#features/payments/api.ts';\nexport const x = api;",
  ],
  [
    'connectors-know-their-port',
    'src/connectors/gateways/sandbox/sandbox.ts',
    "import { db } from '#db/db.ts';\nexport const x = db;",
  ],
  [
    'connectors-know-their-port',
    'src/connectors/sms/twilio/texter.ts',
    "import { decide } from '#features/correspondence/decide.ts';\nexport const x = decide;",
  ],
  [
    'connectors-know-their-port',
    'src/connectors/letters/lob/printer.ts',
    "import { decide } from '#features/correspondence/decide.ts';\nexport const x = decide;",
  ],
  [
    'connectors-know-their-port',
    'src/connectors/mail-news/one/one-reader.ts',
    "import { pay } from '#features/payments/pay.ts';\nexport const x = pay;",
  ],
  [
    'connectors-describe-themselves-in-types',
    'src/connectors/gateways/sandbox/sandbox.ts',
    "import { open } from '#features/payments/gateways.ts';\nexport const x = open;",
  ],
  [
    'connectors-know-no-other-vendor',
    'src/connectors/gateways/sandbox/sandbox.ts',
    "import { other } from '../other/other.ts';\nexport const x = other;",
  ],
  ['no-cycle', 'src/lib/money.ts', "import { loop } from '#lib/loop.ts';\nexport const x = loop;"],
  [
    'no-cycle-between-features',
    'src/features/invoices/issue.ts',
    "import { pay } from '#features/payments/pay.ts';\nexport const x = pay;",
  ],
];

function build(): void {
  cpSync(path.join(root, '.dependency-cruiser.mjs'), path.join(planted, '.dependency-cruiser.mjs'));
  writeFileSync(
    path.join(planted, 'package.json'),
    JSON.stringify({ name: 'planted', type: 'module', imports: { '#*': './src/*' } }),
  );
  symlinkSync(path.join(root, 'node_modules'), path.join(planted, 'node_modules'));
  for (const [file, text] of Object.entries(files)) write(file, `${text}\n`);
  write('src/lib/loop.ts', "import { money } from '#lib/money.ts';\nexport const loop = money;\n");
  write(
    'src/features/payments/record.ts',
    "import { issue } from '#features/invoices/issue.ts';\nexport const record = issue;\n",
  );
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(planted, file)), { recursive: true });
  writeFileSync(path.join(planted, file), text);
}

test('the house keeps its walls, and the judge really read it', () => {
  const summary = cruise(root);
  assert.ok(summary.totalCruised > 150, `read only ${summary.totalCruised} modules`);
  assert.deepEqual(
    summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`),
    [],
  );
});

test('each wall refuses a planted violation, and the house without one passes', () => {
  build();
  assert.deepEqual(cruise(planted).violations, []);
  // One violation a file at a time, so that who breaks a rule, and which, can be told apart.
  for (let wave = violations; wave.length > 0; ) {
    const now = wave.filter(([, file], at) => wave.findIndex(([, other]) => other === file) === at);
    for (const [, file, line] of now) write(file, `${files[file]}\n${line}\n`);
    const found = cruise(planted).violations;
    for (const [, file] of now) write(file, `${files[file]}\n`);
    for (const [name, file] of now) {
      // Of a folder, where the rule is between folders; of any file of a cycle.
      const fired = found.filter(
        ({ from, cycle = [] }) =>
          from === file || from === path.dirname(file) || cycle.some((each) => each.name === file),
      );
      const names = fired.map(({ rule }) => rule.name);
      assert.ok(
        names.includes(name),
        `${name} did not fire for ${file}: ${names.join(', ') || 'nothing did'}`,
      );
    }
    wave = wave.filter((each) => !now.includes(each));
  }
});
