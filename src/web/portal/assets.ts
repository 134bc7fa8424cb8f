import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { raw } from '#ui/html.ts';
import type { Html } from '#ui/html.ts';
import { tokensCss } from '#ui/tokens-css.ts';

/** Where the portal's files are served; their names carry a hash of their bytes, so they may be cached for ever. */
export const assetPath = '/portal/assets';
export type AssetFile = { body: Buffer; type: string };

/** File name → bytes, for the one route that serves them. */
export const assetFiles = new Map<string, AssetFile>();

function publish(name: string, body: Buffer, type: string): string {
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 10);
  const dot = name.lastIndexOf('.');
  const hashed = `${name.slice(0, dot)}.${hash}${name.slice(dot)}`;
  assetFiles.set(hashed, { body, type });
  return `${assetPath}/${hashed}`;
}

const read = (path: string): Buffer => readFileSync(new URL(path, import.meta.url));

/** Comments and the white space between tokens go; nothing is renamed or reordered. */
const squeeze = (css: string): string =>
  css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,>]) ?/g, '$1')
    .replace(/: /g, ':')
    .replace(/;}/g, '}')
    .trim();

const sansUrl = publish('owed-sans.woff2', read('../../ui/fonts/owed-sans.woff2'), 'font/woff2');
const serifUrl = publish('owed-serif.woff2', read('../../ui/fonts/owed-serif.woff2'), 'font/woff2');

export const scriptUrl = publish('portal.js', read('./portal.js'), 'text/javascript; charset=utf-8');
export const iconUrl = publish('icon.svg', read('./icon.svg'), 'image/svg+xml');

// The fallback is scaled to the font's own widths, so that text does not jump when the font arrives.
const faces =
  `@font-face{font-family:"Owed Sans";src:url(${sansUrl}) format("woff2");font-weight:400 650;font-display:swap}` +
  `@font-face{font-family:"Owed Serif";src:url(${serifUrl}) format("woff2");font-weight:400 700;font-display:swap}` +
  '@font-face{font-family:"Owed Sans Fallback";src:local("Arial");size-adjust:107%;ascent-override:90%}';

/** Stands in the page itself: a payer arrives from a mail, sees one page, and waits for one answer only. */
export const portalCss: Html = raw(`${faces}${tokensCss()}${squeeze(read('./portal.css').toString('utf8'))}`);
