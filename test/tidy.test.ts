import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readMigrations } from '#db/migrate.ts';
import { mergeFields } from '#features/correspondence/merge-fields.ts';
import { subscriptions } from '#subscriptions.ts';
import { forbiddenPatterns, longFunctions, nameFaults, plainCode } from './support/tidy-rules.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const sources = globSync('{src,test,bench,scripts}/**/*.{ts,tsx}', { cwd: root }).filter(
  (file) => !file.includes('/fixtures/'),
);
const product = sources.filter((file) => file.startsWith('src/'));
const code = (file: string): string => plainCode(read(file));

test('there is something to look at', () => {
  assert.ok(product.length > 150, `only ${product.length} files`);
});

test('files keep their size: none above 400 lines, few above 300, most short', () => {
  const sizes = product.map((file) => ({ file, lines: read(file).split('\n').length - 1 }));
  assert.deepEqual(
    sizes.filter(({ lines }) => lines > 400),
    [],
  );
  assert.deepEqual(
    sizes.filter(({ lines }) => lines > 300).map(({ file }) => file),
    [],
  );
  const sorted = sizes.map(({ lines }) => lines).sort((a, b) => a - b);
  assert.ok(
    (sorted[Math.floor(sorted.length / 2)] ?? 0) <= 100,
    `median is ${sorted[Math.floor(sorted.length / 2)]}`,
  );
});

test('functions keep their size: 70 lines, four parameters', () => {
  assert.deepEqual(
    product.flatMap((file) => longFunctions(file, read(file))),
    [],
  );
});

test('comments keep to 110 columns, as the formatter does for code; SQL and text in templates to 140', () => {
  const limitOf = (line: string): number => (/^\s*(\/\/|\/\*|\*)/.test(line) ? 110 : 140);
  const long = product.flatMap((file) =>
    read(file)
      .split('\n')
      .map((line, at) => ({ at: `${file}:${at + 1}`, line }))
      .filter(({ line }) => line.length > limitOf(line) && !line.includes('://'))
      .map(({ at }) => at),
  );
  assert.deepEqual(long, []);
});

test('what house.md forbids stands nowhere but in the one file that may', () => {
  const found = product.flatMap((file) =>
    forbiddenPatterns
      .filter(
        (rule) =>
          !rule.only.includes(file) && !(rule.except?.test(file) ?? false) && rule.pattern.test(code(file)),
      )
      .map((rule) => `${file}: ${rule.name}`),
  );
  assert.deepEqual(found, []);
});

test('names are kebab-case and use the words of the glossary', () => {
  assert.deepEqual(
    product.flatMap((file) => nameFaults(file, code(file))),
    [],
  );
});

test('a command takes its transaction first, and no function has both a Tx and a port', () => {
  const wrong = product
    .filter((file) => /^src\/features\/[^/]+\/[a-z-]+\.ts$/.test(file))
    .flatMap((file) =>
      [...code(file).matchAll(/(?:export )?(?:async )?function (\w+)\s*\(([^)]*)\)/g)].flatMap(
        ([, name, parameters = '']) => {
          const both = /\bTx\b/.test(parameters) && /\b(PaymentGateway|Gateways|Mailer)\b/.test(parameters);
          const notFirst = /\btx: Tx\b/.test(parameters) && !/^\s*tx: Tx/.test(parameters);
          return both || notFirst ? [`${file}: ${name}`] : [];
        },
      ),
    );
  assert.deepEqual(wrong, []);
});

test('every kind of connector runs its conformance', () => {
  const connectors = globSync('src/connectors/*/*/', { cwd: root });
  assert.ok(connectors.length >= 2);
  for (const folder of connectors) {
    const tests = globSync(`${folder}/*.test.ts`, { cwd: root }).map(read).join('\n');
    assert.match(tests, /[a-z]Conformance\(/, `${folder} does not run its conformance`);
  }
});

test('every event that is recorded has a line in subscriptions.ts, and every line an event', () => {
  const recorded = new Set(
    product
      // A connector records nothing; the events it reads are its vendor's.
      .filter((file) => file !== 'src/subscriptions.ts' && !file.startsWith('src/connectors/'))
      .flatMap((file) =>
        [
          ...code(file).matchAll(
            /'((?:api_key|autopay|billing|bulk_action|card_fee_policy|channel_account|chargeback|credit_memo|customer|data_export|deposit|dispute|dunning_policy|e_invoice|estimate|file|gateway_account|import|invoice|invoice_terms|item|late_fee|late_fee_ceiling|late_fee_policy|list_file|message|oidc_provider|organization|payment|payment_link|payment_method|payment_plan|payout|portal|promise|refund|reminder|report_mail|role|schedule|statement_link|task|tax_rate|text_consent|ticket|user)\.[a-z_]+)'/g,
          ),
        ]
          .map(([, type]) => type as string)
          .filter((type) => !Object.hasOwn(mergeFields, type)),
      ),
  );
  const states = [
    'approved',
    'submitted',
    'accepted',
    'collected',
    'settling',
    'settled',
    'declined',
    'unknown',
    'voided',
    'returned',
  ];
  for (const state of states) recorded.add(`payment.${state}`);
  for (const state of ['in_transit', 'paid', 'failed']) recorded.add(`payout.${state}`);
  for (const state of ['evidence_sent', 'won', 'lost']) recorded.add(`chargeback.${state}`);
  for (const state of ['submitted', 'settled', 'failed', 'unknown']) recorded.add(`refund.${state}`);
  const fields =
    /^(customer|invoice|organization|payment|portal)\.(display_name|business_name|first_name|last_name|name|phone|email|number|amount|balance_due|due_date|date|website|address|total|id|method|memo|po_number|days_late|days_until_due|link)$/;
  const events = [...recorded].filter((type) => !fields.test(type) && type !== 'file.csv');
  assert.deepEqual(events.filter((type) => !(type in subscriptions)).sort(), []);
  assert.deepEqual(
    Object.keys(subscriptions)
      .filter((type) => !recorded.has(type))
      .sort(),
    [],
  );
});

test('migrations are numbered without a gap, and released ones are as they were released', () => {
  const migrations = readMigrations();
  assert.deepEqual(
    migrations.map((migration) => migration.number),
    migrations.map((_, at) => at + 1),
  );
  const released = JSON.parse(read('src/db/migrations/released.json')) as Record<string, string>;
  for (const migration of migrations) {
    assert.equal(
      released[migration.name],
      migration.hash,
      `${migration.name}: edited, or missing in released.json`,
    );
  }
});

// Links of the guide into Owed’s own pages are walked by src/features/help/guide.test.ts.
test('links between documents lead somewhere', () => {
  const broken = [
    'README.md',
    'CONTRIBUTING.md',
    'STYLE.md',
    ...globSync('docs/**/*.md', { cwd: root }),
  ].flatMap((file) =>
    [...read(file).matchAll(/\]\((?!https?:|mailto:|#|\/(?:console|portal)\b)([^)#\s]+)/g)]
      .map(([, target]) => target as string)
      .filter((target) => !existsSync(path.join(root, path.dirname(file), target)))
      .map((target) => `${file} → ${target}`),
  );
  assert.deepEqual(broken, []);
});
