/** What Print puts on paper: nothing cut, nothing to press, charts with their colours, black on white by night too. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { closeBrowser } from '../support/browser.ts';
import { type ConsoleCompany, openConsoleCompany } from '../support/console-company.ts';
import { signedIn, type Visitor } from '../support/console-visitor.ts';
import { desk, keepPicture } from '../support/page-audit.ts';
import { samples, serveGallery } from '../support/portal-gallery.ts';

/** A4 within its margins of 16 mm, at 96 dots an inch. */
const paper = { width: 672, height: 1000 };

let company: ConsoleCompany;
let visitor: Visitor;
let gallery: Awaited<ReturnType<typeof serveGallery>>;
before(async () => {
  company = await openConsoleCompany();
  visitor = await signedIn(company);
  gallery = await serveGallery();
});
after(async () => {
  await closeBrowser();
  await company.stop();
  gallery.server.closeAllConnections();
  gallery.server.close();
});

/** What is wrong with the page as it is printed, a line each; runs in the page. */
function faultsOnPaper(charts: string[]): string[] {
  const isShown = (each: Element) => {
    const { width, height } = each.getBoundingClientRect();
    const out = each.closest('.mantine-VisuallyHidden-root, .visually-hidden, [aria-hidden=true]');
    return width > 1 && height > 1 && !out && getComputedStyle(each).visibility === 'visible';
  };
  const isTyped = (each: Element) => {
    const isField = each instanceof HTMLTextAreaElement || each instanceof HTMLInputElement;
    return isField && !/^(checkbox|radio|file|submit|button)$/.test(each.type) && each.value !== '';
  };
  const nameOf = (each: Element) =>
    `${each.tagName.toLowerCase()}.${each.getAttribute('class') ?? ''} ${(each.textContent ?? '').trim().slice(0, 40)}`;
  /** Of a colour as it is computed: its luminance from 0 to 255, undefined where it lets all through. */
  const lightOf = (colour: string): number | undefined => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
    return alpha < 0.05 ? undefined : 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const main = [...document.querySelectorAll('main *, .bar-in *')].filter(isShown);
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
  // The title of a column that sorts, news that opens what it is about, and what was typed are to be read.
  const pressed = [
    ...document.querySelectorAll(`.rail, .topbar, .foot, .practice, .chips, .nav, [role=tablist], [role=switch],
      button, summary, select, a:is(.button, .mantine-Button-root), input, textarea`),
  ].filter((each) => isShown(each) && !each.matches('th button, .notice, svg *') && !isTyped(each));
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
    ...(worded.length < 3 ? ['there is hardly a word on it'] : []),
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
  return onPaper(page, path, charts);
}

/** The page as it stands, on paper by day and by night. */
async function onPaper(page: Page, name: string, charts: string[] = []): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ media: 'print', colorScheme });
    await page.setViewportSize(paper);
    await page.waitForFunction(
      (wanted) => (document.documentElement.dataset.mantineColorScheme ?? wanted) === wanted,
      colorScheme,
    );
    const faults = await page.evaluate(faultsOnPaper, charts);
    found.push(...faults.map((fault) => `${name} ${colorScheme} ${fault}`));
    await keepPicture(page, `print-${name}-${colorScheme}`, true);
  }
  return found;
}

test('the overview is printed with its charts', async () => {
  assert.deepEqual(await printed('/', ['.aging-bar [data-bucket]', '.collected svg .bar']), []);
});

test('a report is printed with its chart', async () => {
  assert.deepEqual(await printed('/reports/aging', ['.report-bar']), []);
  for (const key of ['sales', 'cash-forecast']) assert.deepEqual(await printed(`/reports/${key}`), []);
});

test('what the business hands on is printed whole', async () => {
  const { ids } = company;
  for (const path of [
    `/invoices/${ids.lateInvoice}`,
    `/invoices/${ids.draftInvoice}`,
    `/estimates/${ids.acceptedEstimate}`,
    `/credit-memos/${ids.creditMemo}`,
    `/payments/${ids.refundablePayment}`,
    `/payment-plans/${ids.activePlan}`,
  ])
    assert.deepEqual(await printed(path), []);
});

test('a customer is printed whole, and its settings with what is switched on', async () => {
  const customer = `/customers/${company.ids.customer}`;
  assert.deepEqual(await printed(customer), []);
  assert.deepEqual(await printed(`${customer}?tab=messages`), []);
});

test('lists are printed with their titles and without their boxes', async () => {
  for (const path of ['/invoices', '/payments', '/customers', '/collections', '/notices'])
    assert.deepEqual(await printed(path), []);
});

test('a form is printed as what was filled in', async () => {
  assert.deepEqual(await printed(`/invoices/${company.ids.draftInvoice}/edit`), []);
  const memo = visitor.page.getByLabel('Memo', { exact: false }).first();
  assert.match(await memo.inputValue(), /Gate code 4411/);
  assert.ok(await memo.isVisible());
});

test('what a payer keeps on paper is printed without the way to pay it', async () => {
  const { page } = visitor;
  const kept =
    /^(invoices?|link-(open|paid|not)|history|receipt|statement|estimate|plan-[amo]|result-paid)(-|$)/;
  const names = samples.map(([name]) => name).filter((name) => kept.test(name) && !name.endsWith('-empty'));
  assert.ok(names.length > 20, names.join());
  const found: string[] = [];
  for (const name of names) {
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
    await page.goto(`${gallery.origin}/${name}`);
    found.push(...(await onPaper(page, name)));
  }
  assert.deepEqual(found, []);
});
