import { readFileSync } from 'node:fs';
import { browser, closeBrowser } from '../test/support/browser.ts';
const b = await browser();
for (const theme of process.argv.slice(2)) {
  const page = await b.newPage({ viewport: { width: 700, height: 920 } });
  await page.setContent(`<body style="margin:0;background:#888"><img style="width:100%" src="data:image/svg+xml;base64,${readFileSync(`/tmp/h/gen-${theme}.svg`).toString('base64')}"></body>`);
  await page.waitForTimeout(500);
  await page.screenshot({ path: `/tmp/h/gen-${theme}.png` });
}
await closeBrowser();
