import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { scriptUrl } from '#web/portal/assets.ts';
import { browser, closeBrowser } from '../test/support/browser.ts';
import { given } from '../test/support/given.ts';
import { payerOf } from '../test/support/portal-payer.ts';
import { testServer } from '../test/support/server.ts';
import { type BenchResult, median, now_ms, round } from './support/result.ts';

const runs = 11;
const invoices = 50;
/** Slow 4G: 1.6 Mbit/s down, 750 kbit/s up, 150 ms added to each answer; and a processor four times slower. */
const slow4G = {
  offline: false,
  latency: 150,
  downloadThroughput: 1_600_000 / 8,
  uploadThroughput: 750_000 / 8,
};
const cpuSlowdown = 4;

type Site = { url: string; cookies: { name: string; value: string; url: string }[] };
type Moments = { answered_ms: number; painted_ms: number; usable_ms: number | null };

/** A full page of open invoices, of somebody signed in, on a port. */
async function ownSite(): Promise<{ site: Site; close(): Promise<void> }> {
  const { app } = await testServer();
  const books = await given.organization();
  const payer = await payerOf(books);
  for (let n = 0; n < invoices; n += 1) {
    await given.invoice(books, payer.customerId, 10_000n + (BigInt(n * 104_729) % 900_000n));
  }
  await app.fastify.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.fastify.server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const cookies = [...payer.browser.cookies].map(([name, value]) => ({ name, value, url: origin }));
  return { site: { url: `${origin}/portal`, cookies }, close: () => app.fastify.close() };
}

/** The bare reference: the same text, packed beforehand, from a server that does nothing else. */
async function bareSite(html: string): Promise<{ site: Site; close(): Promise<void> }> {
  const packed = gzipSync(html);
  const server = createServer((request, response) => {
    if (request.url !== '/') return response.writeHead(404).end();
    return response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-encoding': 'gzip' })
      .end(packed);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    site: { url: `http://127.0.0.1:${port}/`, cookies: [] },
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}

async function visit<T>(
  chromium: Browser,
  site: Site,
  look: (page: Page, protocol: CDPSession, context: BrowserContext) => Promise<T>,
): Promise<T> {
  // A context of its own has an empty cache: the first visit, which is the slow one.
  const context = await chromium.newContext({ viewport: { width: 390, height: 844 } });
  try {
    await context.addCookies(site.cookies);
    const page = await context.newPage();
    const protocol = await context.newCDPSession(page);
    await protocol.send('Network.enable');
    return await look(page, protocol, context);
  } finally {
    await context.close();
  }
}

type Weight = { html: string; kinds: Map<string, number> };

/** What came over the wire, heads of the answers included, by kind of resource. */
const weigh = (chromium: Browser, site: Site): Promise<Weight> =>
  visit(chromium, site, async (page, protocol) => {
    const kindOf = new Map<string, string>();
    const kinds = new Map<string, number>();
    protocol.on('Network.responseReceived', ({ requestId, type, response }) => {
      kindOf.set(requestId, response.url.endsWith(scriptUrl) ? 'Script' : type);
    });
    protocol.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const kind = kindOf.get(requestId) ?? 'Other';
      kinds.set(kind, (kinds.get(kind) ?? 0) + encodedDataLength);
    });
    const answer = await page.goto(site.url, { waitUntil: 'networkidle' });
    if (!answer?.ok()) throw new Error(`${site.url} answered ${answer?.status()}`);
    return { html: await answer.text(), kinds };
  });

/** Looks once a frame: the button has been drawn, and the script has taken hold of it (the sum is shown). */
function watch(): void {
  const found: Moments = { answered_ms: 0, painted_ms: 0, usable_ms: null };
  Object.assign(globalThis, { found });
  const look = (): void => {
    const button = document.querySelector<HTMLElement>('[data-next]');
    if (!found.painted_ms && button && button.getBoundingClientRect().height > 0) {
      found.painted_ms = performance.now();
      const [visit] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
      found.answered_ms = visit?.responseStart ?? 0;
    }
    const live = document.querySelector<HTMLElement>('[data-live]');
    if (found.painted_ms && live && !live.hidden) found.usable_ms = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** From the click on the link to the button, under slow 4G and a slow processor. */
const time = (chromium: Browser, site: Site, hasScript: boolean): Promise<Moments> =>
  visit(chromium, site, async (page, protocol) => {
    await protocol.send('Network.emulateNetworkConditions', slow4G);
    await protocol.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown });
    await page.addInitScript(watch);
    await page.goto(site.url, { waitUntil: 'commit' });
    await page.waitForFunction(
      (scripted) => {
        const { found } = globalThis as typeof globalThis & { found: Moments };
        return scripted ? found.usable_ms !== null : found.painted_ms > 0;
      },
      hasScript,
      { timeout: 30_000 },
    );
    return page.evaluate(() => (globalThis as typeof globalThis & { found: Moments }).found);
  });

/**
 * A full page of 50 open invoices in a real Chromium: its weight over the wire, and when its Pay button can be
 * pressed, against the same text as one bare static page.
 */
export async function run(): Promise<BenchResult[]> {
  const begin = now_ms();
  const own = await ownSite();
  const chromium = await browser();
  const weight = await weigh(chromium, own.site);
  const bare = await bareSite(weight.html);
  const bareWeight = await weigh(chromium, bare.site);
  const [ours, theirs] = [[] as Moments[], [] as Moments[]];
  for (let at = 0; at < runs; at += 1) {
    ours.push(await time(chromium, own.site, true));
    theirs.push(await time(chromium, bare.site, false));
  }
  await bare.close();
  await own.close();
  await closeBrowser();
  const painted = median(ours.map(({ painted_ms }) => painted_ms));
  const usable = median(ours.map(({ usable_ms }) => usable_ms ?? Number.NaN));
  const answered = (all: Moments[]): number => Math.round(median(all.map(({ answered_ms }) => answered_ms)));
  const reference = median(theirs.map(({ painted_ms }) => painted_ms));
  const took_s = Math.round((now_ms() - begin) / 1000);
  const note = `${runs} runs in ${took_s} s; first byte ${answered(ours)} against ${answered(theirs)} ms, drawn ${Math.round(painted)} ms; goal ≤ 1500 ms`;
  return [
    ...weights(weight, bareWeight),
    {
      name: 'portal-page: time to payable',
      value: Math.round(usable),
      unit: 'ms',
      against: Math.round(reference),
      ratio: round(usable / reference),
      note,
    },
  ];
}

function weights(own: Weight, bare: Weight): BenchResult[] {
  const kB = (bytes: number): number => round(bytes / 1000);
  const sum = ({ kinds }: Weight): number => [...kinds.values()].reduce((total, bytes) => total + bytes, 0);
  const document = bare.kinds.get('Document') ?? 0;
  const fonts = own.kinds.get('Font') ?? 0;
  const script = own.kinds.get('Script') ?? 0;
  const row = (name: string, bytes: number, note: string): BenchResult => ({
    name: `portal-page: ${name}`,
    value: kB(bytes),
    unit: 'kB',
    against: kB(document),
    ratio: round(bytes / document),
    note,
  });
  return [
    row('over the wire', sum(own), [...own.kinds].map(([kind, bytes]) => `${kind} ${kB(bytes)}`).join(', ')),
    row('over the wire without fonts', sum(own) - fonts, 'goal ≤ 15 kB; text is there before the fonts'),
    {
      ...row('script', script, 'gzipped, with the head of its answer; goal ≤ 15 kB'),
      against: null,
      ratio: null,
    },
  ];
}
