import type { Config } from '#config.ts';
import { check } from '#commands/check.ts';
import { clock } from '#commands/clock.ts';
import { demo } from '#commands/demo.ts';
import { doctor } from '#commands/doctor.ts';
import { user } from '#commands/user.ts';

export type CommandInput = {
  config: Config;
  values: Record<string, string | boolean | undefined>;
  positionals: string[];
  /** Progress for a person; silent with --json. */
  say(line: string): void;
};
export type CommandResult = { result: Record<string, unknown>; text: string; ok?: boolean };
export type Command = {
  usage: string;
  options: Record<string, { type: 'string' | 'boolean' }>;
  run(input: CommandInput): Promise<CommandResult>;
};

export const commands: Record<string, Command> = { check, clock, demo, doctor, user };
