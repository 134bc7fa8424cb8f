import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// The server restarts on change; Vite serves the console with hot reload on its own port and passes /v1 on.
const root = fileURLToPath(new URL('..', import.meta.url));
const vite = `${root}node_modules/vite/bin/vite.js`;
const children = [
  spawn(process.execPath, ['--watch', '--watch-path=src', 'src/main.ts'], { cwd: root, stdio: 'inherit' }),
  spawn(process.execPath, [vite, '--clearScreen', 'false'], { cwd: root, stdio: 'inherit' }),
];
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    for (const child of children) child.kill(signal);
  });
}
