import type { Page } from 'playwright-core';

/** What a page says and asks while it is open. */
export type Watch = {
  /** Waits until nothing is asked for any more and no place waits for its content. */
  settle(): Promise<void>;
  /** What went wrong since the last call; answers that a view expects are left out. */
  faults(expected?: RegExp): string[];
  /** Lets what is under way come to its end, unjudged. */
  calm(): Promise<void>;
};

/** Every error on the console, every exception and every request that was not answered well. */
export function watch(page: Page): Watch {
  const found: string[] = [];
  // Of each request: at which place of the page it was asked. What leaving the place cuts off is no fault, also
  // where it is told after the next page has begun.
  const open = new Map<unknown, number>();
  let places = 0;
  page.on('framenavigated', (frame) => {
    if (frame === page.mainFrame()) places += 1;
  });
  page.on('request', (request) => open.set(request, places));
  page.on('requestfinished', (request) => open.delete(request));
  page.on('requestfailed', (request) => {
    const place = open.get(request);
    open.delete(request);
    if (place !== places && request.failure()?.errorText === 'net::ERR_ABORTED') return;
    found.push(`request failed: ${request.method()} ${request.url()} ${request.failure()?.errorText ?? ''}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) found.push(`answered ${response.status()}: ${response.url()}`);
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      found.push(`console: ${message.text()} (${message.location().url})`);
    }
  });
  page.on('pageerror', (error) => found.push(`exception: ${error.stack ?? error.message}`));
  const settle = async (): Promise<void> => {
    for (let still = 0; still < 3; ) {
      await page.waitForFunction(
        () =>
          document.querySelector('main') && !document.querySelector('[aria-busy=true], [data-loading=true]'),
      );
      await page.waitForTimeout(25);
      still = open.size === 0 ? still + 1 : 0;
    }
  };
  return {
    settle,
    faults: (expected) => found.splice(0).filter((fault) => !expected?.test(fault)),
    calm: async () => {
      await settle();
      found.length = 0;
    },
  };
}
