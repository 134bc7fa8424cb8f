import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { composeInvoice } from '#features/invoices/pdf/compose-invoice.ts';
import type { InvoiceDocument } from '#features/invoices/pdf/document.ts';
import { readFonts } from '#features/invoices/pdf/fonts.ts';
import { invoicePdf } from '#features/invoices/pdf/invoice-pdf.ts';
import { sampleInvoice } from '#features/invoices/pdf/sample-document.ts';
import { type BenchResult, median, now_ms, round } from './support/result.ts';

const rounds = 7;
const each = { fixed: 60, distinct: 30 };

/** Documents as a business sends them: numbers, customers, lines and sums of their own. */
function distinct(n: number): InvoiceDocument {
  return {
    ...sampleInvoice,
    number: `INV-${20_000 + n}`,
    memo: `Order ${n * 31} of the year. Thank you.`,
    customer: { ...sampleInvoice.customer, name: `Customer ${n * 7919} & Sons` },
    lines: sampleInvoice.lines.map((line, at) => ({
      ...line,
      description: `${line.description}, lot ${n * 13 + at}`,
      amount: { currency: 'USD', amount: BigInt(10_000 + n * 17 + at) },
    })),
  };
}

/** The bare reference: the same engine, fonts and template, the document composed beforehand, in this thread. */
function engineAlone(): (document: Record<string, unknown>) => Promise<void> {
  const template = fileURLToPath(import.meta.resolve('#features/invoices/pdf/invoice.typ'));
  const compiler = NodeCompiler.create({
    workspace: path.dirname(template),
    fontArgs: [{ fontBlobs: readFonts() }],
  });
  return async (document) => {
    compiler.pdf(
      { mainFilePath: template, inputs: { data: JSON.stringify(document), logo: '' } },
      { creationTimestamp: 1_772_463_600, pdfStandard: 'ua-1' },
    );
    compiler.evictCache(10);
    // Without a turn of the event loop the engine's native buffers are never freed.
    await turn();
  };
}

type Cost = { perSecond: number; cpu_ms: number };
async function cost(count: number, work: () => Promise<unknown>): Promise<Cost> {
  const [start, cpu] = [now_ms(), process.cpuUsage()];
  await work();
  const used = process.cpuUsage(cpu);
  return { perSecond: count / ((now_ms() - start) / 1000), cpu_ms: (used.user + used.system) / 1000 / count };
}

/**
 * Invoices set as PDF per second, from the facts to the bytes, against the engine alone: the same document again and
 * again, which the engine remembers, and documents that differ, which it must set anew.
 */
export async function run(): Promise<BenchResult[]> {
  const engine = engineAlone();
  const costs = {
    fixed: [] as Cost[],
    fixedAlone: [] as Cost[],
    distinct: [] as Cost[],
    distinctAlone: [] as Cost[],
  };
  const composed = composeInvoice(sampleInvoice);
  await invoicePdf(sampleInvoice);
  await engine(composed);
  let n = 0;
  for (let at = 0; at < rounds; at += 1) {
    const fixed = Array.from({ length: each.fixed }, () => sampleInvoice);
    costs.fixed.push(await cost(each.fixed, () => Promise.all(fixed.map(invoicePdf))));
    costs.fixedAlone.push(
      await cost(each.fixed, async () => {
        for (const _ of fixed) await engine(composed);
      }),
    );
    const differing = Array.from({ length: each.distinct }, () => distinct((n += 1)));
    costs.distinct.push(await cost(each.distinct, () => Promise.all(differing.map(invoicePdf))));
    const others = Array.from({ length: each.distinct }, () => composeInvoice(distinct((n += 1))));
    costs.distinctAlone.push(
      await cost(each.distinct, async () => {
        for (const other of others) await engine(other);
      }),
    );
  }
  return [
    result('invoice-pdf-same-document', costs.fixed, costs.fixedAlone),
    result('invoice-pdf', costs.distinct, costs.distinctAlone),
  ];
}

function result(name: string, ours: Cost[], alone: Cost[]): BenchResult {
  const of = (costs: Cost[], key: keyof Cost): number => median(costs.map((each) => each[key]));
  const [value, against] = [of(ours, 'perSecond'), of(alone, 'perSecond')];
  return {
    name,
    value: round(value),
    unit: 'PDFs/s',
    against: round(against),
    ratio: round(value / against),
    note: `CPU ${round(of(ours, 'cpu_ms'))} ms each, engine alone ${round(of(alone, 'cpu_ms'))} ms; goal ≥ 0.7`,
  };
}
