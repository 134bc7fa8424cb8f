import { cardRanges } from '#commands/card-ranges.ts';
import { check } from '#commands/check.ts';
import { clock } from '#commands/clock.ts';
import type { Command } from '#commands/command.ts';
import { demo } from '#commands/demo.ts';
import { doctor } from '#commands/doctor.ts';
import { host } from '#commands/host.ts';
import { importCommand } from '#commands/import.ts';
import { user } from '#commands/user.ts';

export const commands: Record<string, Command> = {
  'card-ranges': cardRanges,
  check,
  clock,
  demo,
  doctor,
  host,
  import: importCommand,
  user,
};
