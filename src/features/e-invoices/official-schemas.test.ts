import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { XmlDocument, XmlElement, XsdValidator } from 'libxml2-wasm';
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs';
import { ciiOf } from '#features/e-invoices/cii.ts';
import { type Facts, taxGroupsOf } from '#features/e-invoices/rules.ts';
import { ublOf } from '#features/e-invoices/ubl.ts';
import { must } from '#lib/errors.ts';
import { eInvoiceShapes } from '../../../test/support/e-invoice-shapes.ts';
import { paper, party } from '../../../test/support/e-invoices.ts';
import { officialDocument } from '../../../test/support/openapi-judge.ts';

const taxed = { unitPrice: '10', taxable: true, taxRate: '20' };
const abroad = {
  ...party,
  taxId: '93-1234567',
  legalName: 'Ovens Inc.',
  address: { ...party.address, line2: 'Floor 2', region: 'CA' },
};
const precedes = [
  { number: 'INV-0', issuedOn: '2026-02-01' },
  { number: 'INV-00', issuedOn: '2026-01-01' },
];

/** Every part that we write, with and without. */
const papers: Record<string, Facts> = {
  plain: paper([taxed]),
  'a credit note': paper([taxed], { typeCode: '381', precedes, terms: 'At once', note: 'Returned' }),
  'rates, an exempt line, one that is given back, a note and terms': paper(
    [{ unitPrice: '10' }, { ...taxed, quantity: '-0.333', taxRate: '8.250' }, { ...taxed, taxRate: '0' }],
    { paid: 100n, note: 'Thanks', terms: 'Net 30', buyerReference: 'K7', precedes },
  ),
  'tax inside the prices and a discount': paper(
    [
      { ...taxed, inclusive: true, description: 'In two colours' },
      { ...taxed, taxRate: '7', inclusive: true },
    ],
    {},
    '10%',
  ),
  'nothing of it taxed, both without a VAT number': paper([{ unitPrice: '10' }], {
    seller: abroad,
    buyer: abroad,
  }),
  'neither due date nor order': paper([taxed], { dueOn: null, poNumber: null, buyerReference: 'A' }),
};
const written = Object.entries(papers).map(([name, facts]) => {
  const groups = must(taxGroupsOf(facts), name);
  return { name, isCredit: facts.typeCode === '381', ubl: ublOf(facts, groups), cii: ciiOf(facts, groups) };
});

const childrenOf = (element: XmlElement): XmlElement[] =>
  element.find('*').filter((node) => node instanceof XmlElement);

/** The elements in which something stands that may not, or not there, or not so often. */
function misshapen(xml: string, shapes: ReadonlyMap<string, RegExp>): string[] {
  using document = XmlDocument.fromString(xml);
  const walk = (element: XmlElement): string[] => {
    const children = childrenOf(element);
    const said = children.map(({ name }) => `${name} `).join('');
    const shape = shapes.get(element.name);
    const isWell = shape ? shape.test(said) : children.length === 0;
    return [...(isWell ? [] : [`${element.name}: ${said.trim()}`]), ...children.flatMap(walk)];
  };
  return walk(document.root);
}

test('each element of an e-invoice stands where the schemas have it, as often as they let it', () => {
  for (const { name, ubl, cii } of written) {
    assert.deepEqual(misshapen(ubl, eInvoiceShapes.ubl), [], `UBL: ${name}`);
    assert.deepEqual(misshapen(cii, eInvoiceShapes.cii), [], `CII: ${name}`);
  }
});

test('an element at the wrong place, twice or left out is found', () => {
  const { ubl = '', cii = '' } = written[0] ?? {};
  const [id, day] = ['<cbc:ID>INV-1</cbc:ID>', '<cbc:IssueDate>2026-03-02</cbc:IssueDate>'];
  const swapped = ubl.replace(id, '').replace(day, day + id);
  assert.match(misshapen(swapped, eInvoiceShapes.ubl)[0] ?? '', /^Invoice: .*IssueDate ID/);
  assert.equal(misshapen(ubl.replace(id, id + id), eInvoiceShapes.ubl).length, 1);
  assert.equal(misshapen(ubl.replace(id, ''), eInvoiceShapes.ubl).length, 1);
  const odd = cii.replace(
    '<ram:ApplicableHeaderTradeDelivery',
    '<ram:Odd/><ram:ApplicableHeaderTradeDelivery',
  );
  assert.match(misshapen(odd, eInvoiceShapes.cii)[0] ?? '', /Odd/);
});

/** OASIS’ and Factur-X’s own schemas, where they lie beside the project. */
const official = {
  invoice: officialDocument('en16931/ubl-2.1/maindoc/UBL-Invoice-2.1.xsd'),
  creditNote: officialDocument('en16931/ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd'),
  cii: officialDocument('en16931/facturx-en16931/Factur-X_EN16931.xsd'),
};
const skip =
  official.invoice && official.creditNote && official.cii
    ? false
    : 'the official schemas are not beside the project';

test('every e-invoice is valid by the official schemas', { skip }, () => {
  xmlRegisterFsInputProviders();
  const judge = (file: string | undefined) => {
    const url = must(file, 'the schema');
    using schema = XmlDocument.fromString(readFileSync(url, 'utf8'), { url });
    return XsdValidator.fromDoc(schema);
  };
  using invoice = judge(official.invoice);
  using creditNote = judge(official.creditNote);
  using crossIndustry = judge(official.cii);
  for (const { name, isCredit, ubl, cii } of written) {
    for (const [xml, xsd] of [
      [ubl, isCredit ? creditNote : invoice],
      [cii, crossIndustry],
    ] as const) {
      using document = XmlDocument.fromString(xml);
      assert.doesNotThrow(() => xsd.validate(document), name);
    }
  }
  using broken = XmlDocument.fromString(must(written[0], 'one').ubl.replace('>2026-03-02<', '>2 March<'));
  assert.throws(() => invoice.validate(broken), /IssueDate/);
});
