import { buildConsoleIfStale } from './console-build.ts';

// Only the console is built, and only when its sources are newer than what was built.
buildConsoleIfStale();
await import('../src/main.ts');
