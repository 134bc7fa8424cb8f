import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  PDFRawStream,
  PDFString,
} from '@cantoo/pdf-lib';
import { XmlDocument } from 'libxml2-wasm';
import { given } from '../../../test/support/given.ts';
import { mailsOf } from '../../../test/support/mails.ts';
import { apiKeyOf, query, workOff } from '../../../test/support/portal.ts';
import { callApi, testServer } from '../../../test/support/server.ts';

async function company() {
  const books = await given.organization({ currency: 'EUR' });
  const key = await apiKeyOf(books);
  const customerId = await given.customer(books, { displayName: 'Käse & Söhne', email: 'ana@kaese.example' });
  const line = { item_name: 'Oven', quantity: '2', unit_price: '49.99', taxable: true, tax_rate: '19' };
  const { body } = await callApi(key, 'POST', '/v1/invoices', {
    customer_id: customerId,
    lines: [line],
    issue: true,
  });
  const complete = async () => {
    const address = { line1: 'Gasse 1', city: 'Wien', postal_code: '1010', country: 'AT' };
    await query(
      `update organizations set tax_id = 'ATU12345678', email = 'a@x.example', address = $2 where id = $1`,
      [books.organizationId, JSON.stringify(address)],
    );
    await query('update customers set billing_address = $2 where id = $1', [
      customerId,
      JSON.stringify(address),
    ]);
  };
  return { books, key, customerId, invoice: body, complete };
}

async function fileAt(
  key: string,
  path: string,
): Promise<{ status: number; bytes: Buffer; type: string | null }> {
  const { app } = await testServer();
  const reply = await app.fastify.inject({ url: path, headers: { authorization: `Bearer ${key}` } });
  return { status: reply.statusCode, bytes: reply.rawPayload, type: String(reply.headers['content-type']) };
}

test('what an e-invoice lacks is named with its remedy, and it is not sent; once given it goes along', async () => {
  const { books, key, customerId, invoice, complete } = await company();
  const set = await callApi(key, 'POST', '/v1/e-invoice-policy', { format: 'ubl' });
  assert.equal(set.body.format, 'ubl', JSON.stringify(set.body));
  const refused = await callApi(key, 'POST', `/v1/invoices/${invoice.id}/send`, {});
  assert.equal(refused.status, 409);
  assert.match(
    refused.body.error.message,
    /lacks seller\.tax_id.*Give your tax or VAT number under Settings/,
  );
  assert.equal((await mailsOf(books)).length, 0);
  await complete();
  const wanted = { buyer_reference: 'Kostenstelle 7' };
  assert.equal((await callApi(key, 'POST', `/v1/customers/${customerId}/e-invoice`, wanted)).status, 200);
  const sent = await callApi(key, 'POST', `/v1/invoices/${invoice.id}/send`, {});
  assert.equal(sent.status, 202, JSON.stringify(sent.body));
  await workOff('attach-document', books.organizationId);
  const files = await query<{ file_name: string; bytes: Buffer }>(
    'select file_name, bytes from message_attachments where message_id = $1 order by file_name',
    [sent.body.message_id],
  );
  assert.deepEqual(
    files.map(({ file_name }) => file_name.split('.').at(-1)),
    ['pdf', 'xml'],
  );
  using xml = XmlDocument.fromBuffer(files[1]?.bytes ?? Buffer.from(''));
  assert.match(xml.root.content, /Kostenstelle 7/);
});

/** What the document says of the one file that belongs to it (ISO 19005-3, 6.8). */
function associatedFile(pdf: PDFDocument) {
  const files = pdf.catalog.lookup(PDFName.of('AF'), PDFArray);
  assert.equal(files.size(), 1);
  const file = files.lookup(0, PDFDict);
  const stream = file.lookup(PDFName.of('EF'), PDFDict).lookup(PDFName.of('F'));
  assert.ok(stream instanceof PDFRawStream);
  const nameOf = (key: string) => file.lookupMaybe(PDFName.of(key), PDFString, PDFHexString)?.decodeText();
  return {
    relationship: String(file.get(PDFName.of('AFRelationship'))),
    names: [nameOf('F'), nameOf('UF')],
    subtype: String(stream.dict.get(PDFName.of('Subtype'))),
    isDated: stream.dict.lookup(PDFName.of('Params'), PDFDict).has(PDFName.of('ModDate')),
  };
}

test('Factur-X is the PDF itself: PDF/A-3 that carries the XML, and whose metadata say so', async () => {
  const { key, invoice, complete } = await company();
  await complete();
  const { status, bytes, type } = await fileAt(key, `/v1/invoices/${invoice.id}/e-invoice?format=factur_x`);
  assert.deepEqual([status, type], [200, 'application/pdf'], bytes.toString('utf8').slice(0, 300));
  const pdf = await PDFDocument.load(bytes);
  const [attached] = pdf.getAttachments();
  assert.equal(attached?.name, 'factur-x.xml');
  using xml = XmlDocument.fromBuffer(Buffer.from(attached?.data ?? []));
  const ram = 'urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100';
  assert.equal(xml.get('//ram:GrandTotalAmount', { ram })?.content, '118.98');
  assert.deepEqual(associatedFile(pdf), {
    relationship: '/Alternative',
    names: ['factur-x.xml', 'factur-x.xml'],
    subtype: '/text#2Fxml',
    isDated: true,
  });
  assert.ok(pdf.catalog.get(PDFName.of('OutputIntents')), 'its colours are named');
  const metadata = pdf.context.lookup(pdf.catalog.get(PDFName.of('Metadata')));
  assert.ok(metadata instanceof PDFRawStream);
  const said = Buffer.from(metadata.getContents()).toString('utf8');
  using xmp = XmlDocument.fromString(said.slice(said.indexOf('<x:xmpmeta'), said.indexOf('<?xpacket end')));
  assert.match(said, /pdfaid:part>3</);
  const fx = 'urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#';
  const spaces = {
    fx,
    rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
    x: 'http://www.aiim.org/pdfa/ns/extension/',
    s: 'http://www.aiim.org/pdfa/ns/schema#',
    p: 'http://www.aiim.org/pdfa/ns/property#',
  };
  const told = (path: string) => xmp.find(path, spaces).map((node) => node.content);
  assert.deepEqual(
    ['DocumentType', 'DocumentFileName', 'Version', 'ConformanceLevel'].flatMap((name) =>
      told(`//fx:${name}`),
    ),
    ['INVOICE', 'factur-x.xml', '1.0', 'EN 16931'],
  );
  // PDF/A lets metadata have no property that they do not describe, in one list.
  assert.equal(xmp.find('//x:schemas', spaces).length, 1);
  const ours = '//x:schemas/rdf:Bag/rdf:li[s:prefix = "fx"]';
  assert.deepEqual(told(`${ours}/s:namespaceURI`), [fx]);
  assert.deepEqual(
    told(`${ours}/s:property/rdf:Seq/rdf:li[p:valueType][p:category][p:description]/p:name`).sort(),
    ['ConformanceLevel', 'DocumentFileName', 'DocumentType', 'Version'],
  );
  const again = await fileAt(key, `/v1/invoices/${invoice.id}/e-invoice?format=factur_x`);
  assert.ok(again.bytes.equals(bytes), 'the same rows are the same bytes');
});

test('tax inside the prices and a discount are told as the standard wants them, and a credit note names its invoice', async () => {
  const { key, customerId, complete } = await company();
  await complete();
  await query(
    `insert into e_invoice_buyers (organization_id, customer_id, buyer_reference, updated_at)
    select organization_id, id, 'Haus 7', now() from customers where id = $1`,
    [customerId],
  );
  const rate = await callApi(key, 'POST', '/v1/tax-rates', { name: 'USt', percent: '19', inclusive: true });
  const { body: invoice } = await callApi(key, 'POST', '/v1/invoices', {
    customer_id: customerId,
    lines: [{ item_name: 'Oven', quantity: '2', unit_price: '59.50', tax_rate_ids: [rate.body.id] }],
    discount: '10%',
    issue: true,
  });
  assert.deepEqual([invoice.total, invoice.tax], [10_710, 1_710]);
  const { status, bytes } = await fileAt(key, `/v1/invoices/${invoice.id}/e-invoice?format=ubl`);
  assert.equal(status, 200, bytes.toString('utf8'));
  const cbc = 'urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2';
  using xml = XmlDocument.fromBuffer(bytes);
  const said = (name: string) => xml.find(`//cbc:${name}`, { cbc }).map(({ content }) => content);
  assert.deepEqual(said('LineExtensionAmount'), ['100.00', '100.00']);
  assert.deepEqual(said('AllowanceTotalAmount'), ['10.00']);
  assert.deepEqual(said('TaxableAmount'), ['90.00']);
  assert.deepEqual(said('TaxInclusiveAmount'), ['107.10']);
  const lines = [{ description: 'Returned', amount: 1_000, tax: 190 }];
  const memo = (await callApi(key, 'POST', '/v1/credit-memos', { customer_id: customerId, lines })).body;
  const applications = [{ invoice_id: invoice.id, amount: 1_190 }];
  await callApi(key, 'POST', `/v1/credit-memos/${memo.id}/apply`, { applications });
  const credit = await fileAt(key, `/v1/credit-memos/${memo.id}/e-invoice?format=ubl`);
  assert.match(credit.bytes.toString('utf8'), new RegExp(`BillingReference.*${invoice.number}`, 's'));
});

test('a credit memo has a paper, goes out by mail with it, and is type 381 for machines', async () => {
  const { books, key, customerId, complete } = await company();
  await complete();
  const lines = [{ description: 'Returned', amount: 10_000, tax: 1_900 }];
  const memo = (await callApi(key, 'POST', '/v1/credit-memos', { customer_id: customerId, lines })).body;
  assert.equal((await fileAt(key, `/v1/credit-memos/${memo.id}/pdf`)).type, 'application/pdf');
  const { bytes } = await fileAt(key, `/v1/credit-memos/${memo.id}/e-invoice?format=factur_x`);
  const [attached] = (await PDFDocument.load(bytes)).getAttachments();
  assert.match(
    Buffer.from(attached?.data ?? []).toString('utf8'),
    /TypeCode>381<.*GrandTotalAmount>119\.00</s,
  );
  const sent = await callApi(key, 'POST', `/v1/credit-memos/${memo.id}/send`, {});
  assert.equal(sent.status, 200, JSON.stringify(sent.body));
  await workOff('attach-document', books.organizationId);
  const mail = (await mailsOf(books)).find(({ kind }) => kind === 'credit_memo');
  assert.equal(mail?.state, 'sent');
  const draft = { customer_id: customerId, lines, issue: false };
  const unissued = (await callApi(key, 'POST', '/v1/credit-memos', draft)).body;
  assert.equal((await callApi(key, 'POST', `/v1/credit-memos/${unissued.id}/send`, {})).status, 409);
});
