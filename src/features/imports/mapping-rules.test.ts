import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fieldsOf, type ImportKind, importKinds } from './field-rules.ts';
import { answerFormats, decideFormats, observeRow, startEvidence } from './format-rules.ts';
import { findHeader, nameHeaders, plainHeader } from './header-rules.ts';
import { proposeMapping, readMapping } from './mapping-rules.ts';

const mapped = (kind: ImportKind, headers: string, rows: string[][] = []): Record<string, string> => {
  const names = headers.split(',');
  const { columns } = proposeMapping(kind, names, rows);
  return Object.fromEntries(columns.map(({ header, field }) => [header, field]));
};

test("an accounting program's invoice template is mapped without a question", () => {
  assert.deepEqual(
    mapped(
      'invoices',
      '*InvoiceNo,*Customer,*InvoiceDate,*DueDate,Terms,Location,Memo,Item(Product/Service),' +
        'ItemDescription,ItemQuantity,ItemRate,*ItemAmount,Taxable,TaxRate',
    ),
    {
      '*InvoiceNo': 'number',
      '*Customer': 'customerName',
      '*InvoiceDate': 'invoiceDate',
      '*DueDate': 'dueDate',
      Terms: 'termsDays',
      Memo: 'memo',
      'Item(Product/Service)': 'itemName',
      ItemDescription: 'description',
      ItemQuantity: 'quantity',
      ItemRate: 'unitPrice',
      '*ItemAmount': 'lineAmount',
      Taxable: 'taxable',
      TaxRate: 'taxRate',
    },
  );
});

test('a sales invoice template with starred headers is mapped, what has no place stays out', () => {
  const headers =
    '*ContactName,EmailAddress,POCity,*InvoiceNumber,Reference,*InvoiceDate,*DueDate,Total,' +
    'InventoryItemCode,*Description,*Quantity,*UnitAmount,Discount,*AccountCode,*TaxType,TaxAmount,TrackingName1,Currency';
  const { mapping, unmapped, missing } = proposeMapping('invoices', headers.split(','), []);
  assert.deepEqual(Object.values(mapping), [
    'customerName',
    'customerEmail',
    'number',
    'poNumber',
    'invoiceDate',
    'dueDate',
    'total',
    'itemName',
    'description',
    'quantity',
    'unitPrice',
    'discountPercent',
    'taxRate',
    'taxAmount',
    'currency',
  ]);
  assert.deepEqual(
    unmapped.map(({ header }) => header),
    ['POCity', '*AccountCode', 'TrackingName1'],
  );
  assert.deepEqual(missing, []);
});

test('a time tracker’s export: the total of a line is not taken for the total of the invoice', () => {
  const found = mapped(
    'invoices',
    'Client Name,Invoice #,Date Issued,Invoice Status,Date Paid,Item Name,Item Description,Rate,Quantity,' +
      'Discount Percentage,Line Subtotal,Tax 1 Type,Tax 1 Amount,Line Total,Currency',
  );
  assert.equal(found['Line Subtotal'], 'lineAmount');
  assert.equal(found['Invoice #'], 'number');
  assert.equal(found['Line Total'], undefined);
  assert.equal(found['Date Paid'], undefined);
});

test('debit and credit columns are both taken', () => {
  const found = mapped(
    'invoices',
    'Type,Date,Num,P. O. #,Name,Memo,Item,Qty,Sales Price,Debit,Credit,Due Date',
  );
  assert.deepEqual([found.Debit, found.Credit, found['P. O. #']], ['debit', 'credit', 'poNumber']);
});

test('the item-amount layout is known, and its customer id is ours only when its values say so', () => {
  const headers =
    'CustomerId,InvoiceNo,InvoiceDate,DueDate,TaxRate,ItemName,ItemDescription,ItemRate,ItemQuantity,ItemAmount,Taxable';
  const theirs = proposeMapping('invoices', headers.split(','), [['1042'], ['1043']]);
  assert.deepEqual([theirs.layout, theirs.mapping['0']], ['itemAmounts', 'customerExternalId']);
  const ours = proposeMapping('invoices', headers.split(','), [['cus_0123456789abcdefghjkmn']]);
  assert.equal(ours.mapping['0'], 'customerId');
});

test('customer lists of five programs find names, mail and addresses', () => {
  const qb = mapped(
    'customers',
    'Active Status,Customer,Balance,Company,First Name,Last Name,Main Phone,Main Email,CC Email,Bill to 1,Terms,Account No.',
  );
  assert.deepEqual(Object.values(qb), [
    'active',
    'displayName',
    'businessName',
    'firstName',
    'lastName',
    'phone',
    'email',
    'ccEmails',
    'billingAddress1',
    'termsDays',
    'externalId',
  ]);
  const contacts = mapped(
    'customers',
    '*ContactName,AccountNumber,EmailAddress,POAddressLine1,PORegion,SACity,PhoneNumber',
  );
  assert.deepEqual(Object.values(contacts), [
    'displayName',
    'externalId',
    'email',
    'billingAddress1',
    'billingRegion',
    'shippingCity',
    'phone',
  ]);
  const waves = mapped(
    'customers',
    'customer_name,email,contact_first_name,province/state,address_line_1,postal_code/zip_code',
  );
  assert.deepEqual(Object.values(waves), [
    'displayName',
    'email',
    'firstName',
    'billingRegion',
    'billingAddress1',
    'billingPostalCode',
  ]);
  const german = mapped('customers', 'Kundennummer,Firma,Vorname,Nachname,E-Mail,Straße,Ort,PLZ,Land');
  assert.deepEqual(Object.values(german), [
    'externalId',
    'businessName',
    'firstName',
    'lastName',
    'email',
    'billingAddress1',
    'billingCity',
    'billingPostalCode',
    'billingCountry',
  ]);
  const plain =
    'FirstName,LastName,BusinessName,DisplayName,Email,CcEmails,Phone,BillingAddress1,BillingAddress2,' +
    'BillingCity,BillingState,BillingZip,BillingCountry,ShippingAddress1,ShippingCountry,CustomerType,Active,Notes';
  assert.equal(Object.keys(mapped('customers', plain)).length, plain.split(',').length);
});

test('values speak where headers do not, and against a header that misleads', () => {
  assert.deepEqual(
    mapped('customers', 'Name,Reach at', [
      ['Acme', 'a@x.example'],
      ['Bolt', 'b@x.example'],
    ]),
    {
      Name: 'displayName',
      'Reach at': 'email',
    },
  );
  assert.equal(
    mapped('invoices', 'Invoice,Due', [
      ['7', 'Smith'],
      ['8', 'Jones'],
    ]).Due,
    undefined,
  );
});

test('the extra columns of a file of rejected rows are left out', () => {
  const { mapping } = proposeMapping(
    'invoices',
    ['Customer', 'Num', 'Line', 'Column', 'Value', 'Reason'],
    [],
  );
  assert.deepEqual(mapping, { 0: 'customerName', 1: 'number' });
});

test('whatever the headers, each field is given once and each column one field', () => {
  const any = fc.constantFrom(
    ...importKinds.flatMap((kind) => fieldsOf(kind).flatMap((field) => field.synonyms.split('|'))),
    '',
    'Sonstiges',
    '###',
  );
  fc.assert(
    fc.property(
      fc.array(any, { maxLength: 30 }),
      fc.constantFrom<ImportKind>(...importKinds),
      (cells, kind) => {
        const headers = nameHeaders(cells);
        const { mapping, columns, unmapped } = proposeMapping(kind, headers, []);
        const fields = Object.values(mapping);
        assert.equal(new Set(fields).size, fields.length);
        assert.equal(columns.length + unmapped.length, headers.length);
        assert.ok(columns.every(({ confidence, why }) => confidence > 0 && confidence <= 1 && why !== ''));
        assert.equal(new Set(headers.map((name) => name.toLowerCase())).size, headers.length);
      },
    ),
  );
});

test('synonyms are written the way headers are compared', () => {
  for (const kind of importKinds) {
    for (const field of fieldsOf(kind)) {
      const all = field.synonyms.split('|');
      for (const synonym of all) assert.equal(plainHeader(synonym), synonym, `${field.key}: ${synonym}`);
      assert.equal(new Set(all).size, all.length, `${field.key} repeats a synonym`);
      assert.equal(plainHeader(field.key === 'email' ? 'Email' : field.label).length > 0, true);
    }
  }
});

test("a user's mapping is checked before it is used", () => {
  const headers = ['Who', 'No', 'When', 'What'];
  const good = { 0: 'customerName', 1: 'number', 2: 'invoiceDate', 3: 'lineAmount' };
  assert.deepEqual(readMapping('invoices', headers, good), { ok: true, value: good });
  const wrong: [Record<string, string>, RegExp][] = [
    [{ ...good, 3: 'colour' }, /no field "colour"/],
    [{ ...good, 9: 'memo' }, /no column "9"/],
    [{ ...good, x: 'memo' }, /no column "x"/],
    [{ ...good, 3: 'number' }, /Two columns fill number/],
    [{ 0: 'customerName', 1: 'number', 2: 'invoiceDate' }, /No column gives an amount/],
    [{}, /No column gives the customer/],
  ];
  for (const [mapping, reason] of wrong) {
    const reading = readMapping('invoices', headers, mapping);
    assert.ok(!reading.ok && reason.test(reading.reason), JSON.stringify(reading));
  }
});

test('the header stands below title lines, never below a one-column list', () => {
  assert.equal(findHeader([['Report'], ['Acme Inc'], ['Date', 'Num', 'Amount'], ['1', '2', '3']]), 2);
  assert.equal(findHeader([['Name'], ['Acme'], ['Bolt']]), 0);
  assert.equal(
    findHeader([
      ['', ''],
      ['a', 'b'],
      ['1', '2', '3'],
    ]),
    1,
  );
});

test('questions show the file’s own values and what each answer makes of them', () => {
  const mapping = { 0: 'invoiceDate', 1: 'dueDate', 2: 'lineAmount', 3: 'taxRate' } as const;
  const evidence = startEvidence('invoices', mapping);
  observeRow(evidence, ['03/04/2026', '04/25/2026', '1,234', '0.0825']);
  observeRow(evidence, ['05/06/2026', '05/25/2026', '2,500', '0']);
  const { formats, questions } = decideFormats(evidence, ['Date', 'Due', 'Amount', 'Tax']);
  assert.deepEqual(formats, { dueDate: 'MDY' });
  assert.deepEqual(
    questions.map(({ field, likely }) => [field, likely]),
    [
      ['invoiceDate', 'MDY'],
      ['lineAmount', undefined],
      ['taxRate', 'fraction'],
    ],
  );
  assert.deepEqual(questions[0]?.choices, [
    { value: 'MDY', label: 'month, day, year: 03/04/2026 is Mar 4, 2026' },
    { value: 'DMY', label: 'day, month, year: 03/04/2026 is Apr 3, 2026' },
  ]);
  assert.deepEqual(
    questions[1]?.choices.map(({ label }) => label),
    ['with a point: 1,234 is 1234', 'with a comma: 1,234 is 1.234'],
  );
  const some = answerFormats(formats, questions, { invoiceDate: 'MDY', lineAmount: '.' });
  assert.ok(!some.ok && /column "Tax"/.test(some.reason));
  const wrong = answerFormats(formats, questions, {
    invoiceDate: 'YMD',
    lineAmount: '.',
    taxRate: 'fraction',
  });
  assert.ok(!wrong.ok && /column "Date"/.test(wrong.reason));
  assert.deepEqual(
    answerFormats(formats, questions, { invoiceDate: 'MDY', lineAmount: '.', taxRate: 'fraction' }),
    {
      ok: true,
      value: { invoiceDate: 'MDY', dueDate: 'MDY', lineAmount: '.', taxRate: 'fraction' },
    },
  );
});
