import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Html } from '#ui/html.ts';
import { raw } from '#ui/html.ts';
import { tokensCss } from '#ui/tokens-css.ts';

/** Where the portal's files are served; names carry a hash of the bytes and may be cached for ever. */
export const assetPath = '/portal/assets';
export type AssetFile = { body: Buffer; type: string };

/** File name → bytes, for the one route that serves them. */
export const assetFiles = new Map<string, AssetFile>();

const read = (path: string): Buffer => readFileSync(new URL(path, import.meta.url));

function publish(path: string, type: string): string {
  const body = read(path);
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 10);
  const name = basename(path).replace(/\.\w+$/, (ending) => `.${hash}${ending}`);
  assetFiles.set(name, { body, type });
  return `${assetPath}/${name}`;
}

/** Comments and the white space between tokens go; nothing is renamed or reordered. */
const squeeze = (css: string): string =>
  css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,>]) ?/g, '$1')
    .replace(/: /g, ':')
    .replace(/;}/g, '}')
    .trim();

const sansUrl = publish('../../ui/fonts/owed-sans.woff2', 'font/woff2');
const serifUrl = publish('../../ui/fonts/owed-serif.woff2', 'font/woff2');

export const scriptUrl = publish('./portal.js', 'text/javascript; charset=utf-8');
export const iconUrl = publish('./icon.svg', 'image/svg+xml');

const face = (family: string, url: string, weights: string): string =>
  `@font-face{font-family:"${family}";src:url(${url}) format("woff2");font-weight:${weights};font-display:swap}`;

// The fallback is scaled to the font's own widths, so that text does not jump when the font arrives.
const faces =
  face('Owed Sans', sansUrl, '400 650') +
  face('Owed Serif', serifUrl, '400 700') +
  '@font-face{font-family:"Owed Sans Fallback";src:local("Arial");size-adjust:107%;ascent-override:90%}';

const sheet = squeeze(read('./portal.css').toString('utf8'));

/** The portal sends the tokens that it uses; the console and the documents use others. */
const tokens = tokensCss().replace(/(--[a-z0-9-]+):[^;}]*;/g, (token, name) =>
  sheet.includes(`var(${name})`) ? token : '',
);

// On a phone the device's own type: our two fonts weigh three times as much as the page, on the slowest
// lines.
const onPhones =
  '@media (max-width:40em){:root{--sans:system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;' +
  '--serif:ui-serif,Georgia,"Noto Serif",serif}}';

/** Stands in the page itself: a payer arrives from a mail, sees one page, and waits for one answer only. */
export const portalCss: Html = raw(`${faces}${tokens}${onPhones}${sheet}`);
