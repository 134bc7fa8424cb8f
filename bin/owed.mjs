#!/usr/bin/env node
// Runs the command line on the Node that the project pins, whatever Node this was started with.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('..', import.meta.url);
const pinned = fileURLToPath(new URL('node_modules/.bin/node', root));
const node = existsSync(pinned) ? pinned : process.execPath;
const { status } = spawnSync(node, [fileURLToPath(new URL('src/cli.ts', root)), ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(status ?? 1);
