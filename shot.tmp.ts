import { browser, closeBrowser } from './test/support/browser.ts';
import { serveGallery } from './test/support/portal-gallery.ts';
const gallery = await serveGallery();
const b = await browser();
for (const [w, scheme] of [[1440,'light'],[390,'dark'],[390,'light'],[1440,'dark']] as const) {
  const page = await b.newPage({ viewport: { width: w, height: w===390?844:900 }, colorScheme: scheme });
  for (const name of process.argv.slice(2)) {
    await page.goto(`${gallery.origin}/${name}`);
    await page.waitForTimeout(150);
    await page.screenshot({ path: `/tmp/h/paylinks-shots/${name}-${w}-${scheme}.png`, fullPage: true });
  }
  await page.close();
}
await closeBrowser();
gallery.server.closeAllConnections();
gallery.server.close();
