import { parseArgs } from 'node:util';
import { commands } from '#commands/commands.ts';
import { ConfigError, readConfig } from '#config.ts';
import { Refusal } from '#lib/errors.ts';
import { toJson } from '#lib/json.ts';

/**
 * owed …: the same commands for the terminal, on the same data as the server. `--json` prints one JSON
 * object.
 */
async function main(argv: readonly string[]): Promise<number> {
  const [name = 'help', ...rest] = argv;
  const command = commands[name];
  if (!command) {
    const list = Object.entries(commands)
      .map(([key, { usage }]) => `  owed ${key} ${usage}`)
      .join('\n');
    process.stdout.write(
      `${name === 'help' || name === '--help' ? '' : `There is no command ${name}.\n`}\n${list}\n\nEvery command takes --json.\n`,
    );
    return name === 'help' || name === '--help' ? 0 : 2;
  }
  const { values, positionals } = parseArgs({
    args: rest,
    allowPositionals: true,
    strict: true,
    options: { json: { type: 'boolean' }, ...command.options },
  });
  const config = readConfig(process.env);
  const {
    result,
    text,
    ok = true,
  } = await command.run({ config, values, positionals, say: values.json ? () => undefined : progress });
  process.stdout.write(values.json ? `${toJson(result)}\n` : `${text}\n`);
  return ok ? 0 : 1;
}

const progress = (line: string): void => {
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
};

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const isOurs =
      error instanceof Refusal ||
      error instanceof ConfigError ||
      (error instanceof Error &&
        ('remedy' in error || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')));
    const message =
      error instanceof Error ? (isOurs ? error.message : (error.stack ?? error.message)) : String(error);
    process.stderr.write(
      process.argv.includes('--json') ? `${toJson({ error: { message } })}\n` : `${message}\n`,
    );
    process.exit(1);
  },
);
