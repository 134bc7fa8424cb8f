import { mkdirSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { assetFiles, assetPath } from '#web/portal/assets.ts';
import { autopaySamples } from './portal-autopay-samples.ts';
import { doorSamples } from './portal-door-samples.ts';
import { estimateSamples } from './portal-estimate-samples.ts';
import { feeSamples } from './portal-fee-samples.ts';
import { helpSamples } from './portal-help-samples.ts';
import { linkSamples } from './portal-link-samples.ts';
import { planSamples } from './portal-plan-samples.ts';
import { questionSamples } from './portal-question-samples.ts';
import { moneySamples } from './portal-samples.ts';
import { scheduleSamples } from './portal-schedule-samples.ts';
import { termsSamples } from './portal-terms-samples.ts';

export const samples = [
  ...moneySamples,
  ...planSamples,
  ...linkSamples,
  ...feeSamples,
  ...doorSamples,
  ...autopaySamples,
  ...scheduleSamples,
  ...helpSamples,
  ...questionSamples,
  ...estimateSamples,
  ...termsSamples,
];

/** Stands in for a gateway's fields: tells its height, and answers `owed.tokenize` as the real ones do. */
const fields = `<!doctype html><html lang="en"><title>Fields</title><style>
:root{color-scheme:light dark} body{margin:0;font:16px system-ui} label{display:block;font-size:14px;margin-top:12px}
input{width:100%;box-sizing:border-box;font:inherit;padding:11px;border:1px solid #8d8473;border-radius:8px}
</style><label>Number<input id="n" inputmode="numeric"></label><label>Expiry<input></label><script>
const say = (message) => parent.postMessage(message, '*');
say({ type: 'owed.ready' });
say({ type: 'owed.height', px: document.body.scrollHeight + 16 });
addEventListener('message', ({ data }) => {
  if (data.type !== 'owed.tokenize') return;
  if (n.value === 'bad') say({ type: 'owed.error', message: 'Check the number.', field: 'number' });
  else say({ type: 'owed.token', token: 'tok_' + n.value, brand: 'visa', last4: '4242' });
});
</script></html>`;

/** Serves each sample under its name on loopback, with the portal's own files. */
export async function serveGallery(): Promise<{ server: Server; origin: string; posts: URLSearchParams[] }> {
  const posts: URLSearchParams[] = [];
  const pages = new Map(samples.map(([name, page]) => [`/${name}`, String(page)]));
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'POST') return receive(request, response, posts);
    const file =
      url.pathname.startsWith(assetPath) && assetFiles.get(url.pathname.slice(assetPath.length + 1));
    if (file) return response.setHeader('content-type', file.type).end(file.body);
    const page = url.pathname === '/fields' ? fields : pages.get(url.pathname);
    const here = `http://${request.headers.host}`;
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.statusCode = page ? 200 : 404;
    response.end(
      (page ?? index)
        .replace(/https:\/\/fields\.example\/\w+/g, `${here}/fields`)
        .replaceAll('https://fields.example', here),
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the gallery has no port');
  return { server, posts, origin: `http://127.0.0.1:${address.port}` };
}

/** Keeps what a form posted, and takes its time to answer, so that a second click would be seen. */
async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  posts: URLSearchParams[],
): Promise<void> {
  posts.push(new URLSearchParams(await new Response(Readable.toWeb(request) as ReadableStream).text()));
  setTimeout(() => response.setHeader('content-type', 'text/html').end('<title>posted</title>'), 150);
}

const links = samples.map(([name]) => `<li><a href="/${name}">${name}</a>`).join('');
const index = `<!doctype html><html lang="en"><title>Gallery</title><ul>${links}</ul></html>`;

/** Writes every sample as a file, for screenshots and for reading the markup. */
export function writeGallery(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, page] of samples) writeFileSync(join(folder, `${name}.html`), String(page));
}

/** `node test/support/portal-gallery.ts [folder]`: writes the files, or serves them until stopped. */
if (import.meta.main) {
  const folder = process.argv[2];
  if (folder) writeGallery(folder);
  else process.stdout.write(`${(await serveGallery()).origin}\n`);
}
