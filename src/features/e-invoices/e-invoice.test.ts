import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { XmlDocument } from 'libxml2-wasm';
import { ciiOf } from '#features/e-invoices/cii.ts';
import { missingFacts, pricedAs, type SoldLine, taxGroupsOf } from '#features/e-invoices/rules.ts';
import { ublOf } from '#features/e-invoices/ubl.ts';
import { lineAmount } from '#features/invoices/line-rules.ts';
import { must } from '#lib/errors.ts';
import { paper, party, type Sold } from '../../../test/support/e-invoices.ts';

const line: fc.Arbitrary<Partial<SoldLine>> = fc.record({
  quantity: fc.constantFrom('1', '3', '2.5', '-1', '0.333'),
  unitPrice: fc.constantFrom('0', '9.99', '33.333', '120', '-5'),
  taxable: fc.boolean(),
  taxRate: fc.constantFrom('19', '7', '5.5', '8.250', '0'),
});

const namespaces = {
  cac: 'urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2',
  cbc: 'urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2',
  qdt: 'urn:un:unece:uncefact:data:standard:QualifiedDataType:100',
  ram: 'urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100',
};
/** What stands at each path of the XML. */
function textsAt(xml: string, paths: readonly string[]): string[][] {
  using document = XmlDocument.fromString(xml);
  return paths.map((path) => document.find(path, namespaces).map(({ content }) => content));
}
const cents = (texts: readonly string[] = []): bigint =>
  texts.reduce((all, text) => all + BigInt(text.replace('.', '')), 0n);

/** Prices with tax inside and beside others, and a discount on the whole: only where something is sold. */
const discounted: fc.Arbitrary<[Sold[], string]> = fc.tuple(
  fc.array(
    fc.record({
      quantity: fc.constantFrom('1', '3', '2.5', '0.333'),
      unitPrice: fc.constantFrom('9.99', '33.333', '120', '0.05'),
      taxable: fc.boolean(),
      taxRate: fc.constantFrom('19', '7', '5.5', '8.25'),
      inclusive: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  ),
  fc.constantFrom('', '10%', '33.3%', '0.01'),
);
const plain: fc.Arbitrary<[Sold[], string]> = fc.tuple(
  fc.array(line, { minLength: 1, maxLength: 6 }),
  fc.constant(''),
);

test('the arithmetic of EN 16931 holds in the XML itself, in both languages, whatever was sold', () => {
  fc.assert(
    fc.property(
      fc.oneof(plain, discounted),
      fc.bigInt({ min: 0n, max: 500n }),
      ([inputs, discount], paid) => {
        const facts = paper(inputs, { paid }, discount);
        const groups = must(taxGroupsOf(facts), 'its taxes');
        const paths = {
          ubl: [
            '//cac:LegalMonetaryTotal/cbc:LineExtensionAmount',
            '//cac:InvoiceLine/cbc:LineExtensionAmount',
            '//cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount',
            '/*/cac:TaxTotal/cbc:TaxAmount',
            '//cac:TaxSubtotal/cbc:TaxAmount',
            '//cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount',
            '//cbc:PrepaidAmount',
            '//cbc:PayableAmount',
            '//cac:TaxSubtotal/cbc:TaxableAmount',
            '//cac:AllowanceCharge/cbc:Amount',
            '//cac:LegalMonetaryTotal/cbc:AllowanceTotalAmount',
          ],
          cii: [
            '//ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:LineTotalAmount',
            '//ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount',
            '//ram:TaxBasisTotalAmount',
            '//ram:TaxTotalAmount',
            '//ram:CalculatedAmount',
            '//ram:GrandTotalAmount',
            '//ram:TotalPrepaidAmount',
            '//ram:DuePayableAmount',
            '//ram:BasisAmount',
            '//ram:SpecifiedTradeAllowanceCharge/ram:ActualAmount',
            '//ram:AllowanceTotalAmount',
          ],
        };
        for (const [xml, own] of [
          [ublOf(facts, groups), paths.ubl],
          [ciiOf(facts, groups), paths.cii],
        ] as const) {
          const [sums, lines, before, tax, taxes, withTax, prepaid, due, bases, off, allOff] = textsAt(
            xml,
            own,
          ).map(cents);
          assert.equal(sums, lines, 'BR-CO-10: the sum of the lines');
          assert.equal(allOff, off, 'BR-CO-11: the sum of what is taken off');
          assert.equal(before, must(sums, 'it') - must(off, 'it'), 'BR-CO-13: the total without tax');
          assert.equal(withTax, facts.total, 'what the invoice itself comes to');
          assert.equal(tax, taxes, 'BR-CO-14: the sum of the taxes');
          assert.equal(withTax, must(before, 'it') + must(tax, 'it'), 'BR-CO-15: the total with tax');
          assert.equal(due, must(withTax, 'it') - must(prepaid, 'it'), 'BR-CO-16: the amount due');
          assert.equal(bases, before, 'BR-S-08 and its like: each line is taxed in one group');
        }
        // BR-CO-17: a tax is its base times its rate, rounded; the rule itself lets it be off by more.
        const most = inputs.some(({ inclusive }) => inclusive) || discount ? 2.5 : 0.5;
        for (const { taxable, tax, percent } of groups) {
          const exact = (Number(taxable) * Number(percent)) / 100;
          assert.ok(Math.abs(Number(tax) - exact) <= most + 1e-6, `${taxable} × ${percent} % is not ${tax}`);
        }
        for (const sold of facts.lines) {
          const { quantity, price } = pricedAs(sold, 'EUR');
          assert.ok(!price.startsWith('-'), 'BR-27: no price below zero');
          assert.equal(
            lineAmount({ quantity, unitPrice: price }, 2),
            sold.amount,
            'the price multiplies to the amount',
          );
        }
      },
    ),
    { numRuns: 600 },
  );
});

test('what is not taxed says why, and nothing stands beside what is not subject to tax', () => {
  const abroad = { ...party, taxId: '93-1234567' };
  const untaxed = paper([{ unitPrice: '10' }], { seller: abroad });
  assert.deepEqual(
    taxGroupsOf(untaxed)?.map(({ category }) => category),
    ['O'],
  );
  const [reasons, percents] = textsAt(ublOf(untaxed, must(taxGroupsOf(untaxed), 'its taxes')), [
    '//cbc:TaxExemptionReason',
    '//cbc:Percent',
  ]);
  assert.deepEqual([reasons, percents], [['Not subject to VAT'], []]);
  const mixed = paper([{ unitPrice: '10' }, { unitPrice: '10', taxable: true, taxRate: '20' }], {
    seller: abroad,
  });
  assert.deepEqual(
    taxGroupsOf(mixed)?.map(({ category, tax }) => [category, tax]),
    [
      ['E', 0n],
      ['S', 200n],
    ],
  );
  assert.deepEqual(
    taxGroupsOf(paper([{ unitPrice: '10' }]))?.map(({ category }) => category),
    ['E'],
  );
});

test('a price with tax inside is told without it, and a discount of the whole by the tax it takes along', () => {
  const sold: Sold[] = [
    { unitPrice: '119', taxable: true, taxRate: '19', inclusive: true },
    { unitPrice: '107', taxable: true, taxRate: '7', inclusive: true },
  ];
  const facts = paper(sold, {}, '10%');
  assert.deepEqual([facts.total, facts.tax], [20_340n, 2340n]);
  assert.deepEqual(
    facts.lines.map(({ amount }) => amount),
    [10_000n, 10_000n],
  );
  assert.deepEqual(
    taxGroupsOf(facts)?.map(({ percent, allowance, taxable, tax }) => [percent, allowance, taxable, tax]),
    [
      ['19', 1000n, 9000n, 1710n],
      ['7', 1000n, 9000n, 630n],
    ],
  );
});

test('a credit memo is a document of its own type, and names are data, never markup', () => {
  const precedes = [{ number: 'INV-0', issuedOn: '2026-02-01' }];
  const credit = paper([{ unitPrice: '10', taxable: true, taxRate: '20' }], { typeCode: '381', precedes });
  const groups = must(taxGroupsOf(credit), 'its taxes');
  const [types, quantities, names] = textsAt(ublOf(credit, groups), [
    '//cbc:CreditNoteTypeCode',
    '//cac:CreditNoteLine/cbc:CreditedQuantity',
    '//cac:AccountingSupplierParty//cac:PartyName/cbc:Name',
  ]);
  assert.deepEqual([types, quantities, names], [['381'], ['1'], ['Ovens & <Sons>']]);
  assert.deepEqual(textsAt(ciiOf(credit, groups), ['//ram:TypeCode'])[0]?.[0], '381');
  assert.deepEqual(textsAt(ublOf(credit, groups), ['//cac:BillingReference//cbc:ID'])[0], ['INV-0']);
  const cited = '//ram:InvoiceReferencedDocument/ram:FormattedIssueDateTime/qdt:DateTimeString';
  assert.deepEqual(textsAt(ciiOf(credit, groups), [cited])[0], ['20260201']);
});

test('what is missing is named by its field and its remedy, and a tax that no rate explains is', () => {
  const bare = { ...party, address: {}, email: null, taxId: null };
  const facts = paper([{ unitPrice: '10' }], { seller: bare, buyer: bare, poNumber: null });
  const fields = (format: 'ubl' | 'factur_x') => missingFacts(facts, format).map(({ field }) => field);
  assert.deepEqual(fields('factur_x'), [
    'seller.tax_id',
    'seller.address.line1',
    'seller.address.city',
    'seller.address.country',
    'buyer.billing_address.country',
  ]);
  assert.deepEqual(fields('ubl').slice(5), ['seller.email', 'buyer.email', 'buyer.buyer_reference']);
  assert.deepEqual(missingFacts(paper([{ unitPrice: '10' }]), 'ubl'), []);
  const odd = paper([{ unitPrice: '10', taxable: true, taxRate: '20' }], { tax: 500n, total: 1500n });
  assert.deepEqual(
    missingFacts(odd, 'ubl').map(({ field }) => field),
    ['lines.tax_rate'],
  );
  const short = paper([{ unitPrice: '10' }], { total: 900n });
  assert.deepEqual(
    missingFacts(short, 'ubl').map(({ field }) => field),
    ['lines.tax_rate'],
  );
});
