import chromium from '@sparticuz/chromium';
import { type Browser, chromium as driver } from 'playwright-core';

let shared: Promise<Browser> | undefined;

// The package's own flags are for a cloud function: one process, and no wall between origins, which we want tested.
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--hide-scrollbars',
];

/** A real Chromium, the one that comes with the packages: one for all tests of a process. */
export function browser(): Promise<Browser> {
  shared ??= chromium
    .executablePath()
    .then((executablePath) => driver.launch({ executablePath, args: flags, headless: true }));
  return shared;
}

export async function closeBrowser(): Promise<void> {
  await (await shared)?.close();
  shared = undefined;
}
