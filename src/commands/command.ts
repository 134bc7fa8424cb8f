import type { Config } from '#config.ts';

export type CommandInput = {
  config: Config;
  values: Record<string, string | boolean | (string | boolean)[] | undefined>;
  positionals: string[];
  /** Progress for a person; silent with --json. */
  say(line: string): void;
};
export type CommandResult = { result: Record<string, unknown>; text: string; ok?: boolean };
export type Command = {
  usage: string;
  options: Record<string, { type: 'string' | 'boolean'; multiple?: boolean }>;
  run(input: CommandInput): Promise<CommandResult>;
};
