/** What Print puts on paper: nothing cut, nothing to press, charts with their colours, black on white by night too. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowser } from '../support/browser.ts';
import { type ConsoleCompany, openConsoleCompany } from '../support/console-company.ts';
import { signedIn, type Visitor } from '../support/console-visitor.ts';
import { desk, keepPicture } from '../support/page-audit.ts';

/** A4 within its margins of 16 mm, at 96 dots an inch. */
const paper = { width: 672, height: 1000 };

let company: ConsoleCompany;
let visitor: Visitor;
before(async () => {
  company = await openConsoleCompany();
  visitor = await signedIn(company);
});
after(async () => {
  await closeBrowser();
  await company.stop();
});

/** What is wrong with the page as it is printed, a line each; runs in the page. */
function faultsOnPaper(charts: string[]): string[] {
  const isShown = (each: Element) => {
    const { width, height } = each.getBoundingClientRect();
    const out = each.closest('.mantine-VisuallyHidden-root, .visually-hidden, [aria-hidden=true]');
    return width > 1 && height > 1 && !out && getComputedStyle(each).visibility === 'visible';
  };
  const nameOf = (each: Element) =>
    `${each.tagName.toLowerCase()}.${each.getAttribute('class') ?? ''} ${(each.textContent ?? '').trim().slice(0, 40)}`;
  /** Of a colour as it is computed: its luminance from 0 to 255, undefined where it lets all through. */
  const lightOf = (colour: string): number | undefined => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
    return alpha < 0.05 ? undefined : 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const main = [...document.querySelectorAll('main *')].filter(isShown);
  const worded = main.filter((each) =>
    [...each.childNodes].some((node) => node.nodeType === 3 && (node.textContent ?? '').trim() !== ''),
  );
  const wide = document.documentElement.scrollWidth - innerWidth;
  const cut = main.filter(
    (each) =>
      !each.matches('pre, svg *') &&
      getComputedStyle(each).overflowX !== 'visible' &&
      each.scrollWidth > each.clientWidth + 1,
  );
  const pressed = [...document.querySelectorAll('.rail, .topbar, button, input, [role=tablist]')].filter(
    (each) => isShown(each) && !each.matches('th button'),
  );
  const pale = worded.filter((each) => (lightOf(getComputedStyle(each).color) ?? 0) > 140);
  const grounds = [document.body, ...main].filter((each) => {
    const light = lightOf(getComputedStyle(each).backgroundColor);
    return light !== undefined && light < 200 && !each.matches('[data-bucket], .swatch, .report-bar');
  });
  const missing = charts.filter((chart) => {
    const parts = [...document.querySelectorAll(chart)].filter(
      (each) => each.getBoundingClientRect().height > 1,
    );
    const drawn = parts.some((each) => {
      const { fill, backgroundColor, printColorAdjust } = getComputedStyle(each);
      const isDrawn = each instanceof SVGElement || printColorAdjust === 'exact';
      return isDrawn && (lightOf(each instanceof SVGElement ? fill : backgroundColor) ?? 255) < 235;
    });
    return !drawn;
  });
  return [
    ...(worded.length < 8 ? ['there is hardly a word on it'] : []),
    ...(wide > 0 ? [`runs over by ${wide}px`] : []),
    ...cut.map((each) => `cut: ${nameOf(each)}`),
    ...pressed.map((each) => `to press: ${nameOf(each)}`),
    ...pale.map((each) => `pale: ${nameOf(each)}`),
    ...grounds.map((each) => `dark ground: ${nameOf(each)}`),
    ...missing.map((chart) => `no chart: ${chart}`),
  ];
}

async function printed(path: string, charts: string[] = []): Promise<string[]> {
  const { page, settle } = visitor;
  await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
  await page.setViewportSize(desk);
  await page.goto(`${company.origin}/console${path}`);
  await settle();
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ media: 'print', colorScheme });
    await page.setViewportSize(paper);
    await page.waitForFunction(
      (wanted) => (document.documentElement.dataset.mantineColorScheme ?? wanted) === wanted,
      colorScheme,
    );
    found.push(...(await page.evaluate(faultsOnPaper, charts)).map((fault) => `${colorScheme} ${fault}`));
    await keepPicture(page, `print${path}-${colorScheme}`);
  }
  return found;
}

test('the overview is printed with its charts', async () => {
  assert.deepEqual(await printed('/', ['.aging-bar [data-bucket]', '.collected svg .bar']), []);
});

test('a report is printed with its chart', async () => {
  assert.deepEqual(await printed('/reports/aging', ['.report-bar']), []);
});

test('an invoice is printed whole', async () => {
  assert.deepEqual(await printed(`/invoices/${company.ids.lateInvoice}`), []);
});

test('a customer is printed whole', async () => {
  assert.deepEqual(await printed(`/customers/${company.ids.customer}`), []);
});
