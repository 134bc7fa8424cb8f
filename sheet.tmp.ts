import { readFileSync } from 'node:fs';
import { browser, closeBrowser } from './test/support/browser.ts';
const [out, width, ...files] = process.argv.slice(2);
const b = await browser();
const page = await b.newPage({ viewport: { width: 1800, height: 900 } });
const imgs = files.map((f) => `<figure style="margin:6px;display:inline-block;vertical-align:top"><figcaption style="font:12px sans-serif">${f.split('/').pop()}</figcaption><img style="width:${width}px;border:1px solid #888" src="data:image/png;base64,${readFileSync(f).toString('base64')}"></figure>`).join('');
await page.setContent(imgs);
await page.screenshot({ path: out!, fullPage: true });
await closeBrowser();
