import { AFRelationship, PDFDocument, PDFName, PDFRawStream, PDFRef } from '@cantoo/pdf-lib';

const uri = 'urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#';
const fileName = 'factur-x.xml';

/**
 * Puts the machine's invoice into the people's: a PDF/A-3 that names it in its metadata, as Factur-X and
 * ZUGFeRD want it. Same bytes in, same bytes out.
 */
export async function embedFacturX(pdf: Buffer, xml: string, at: Date): Promise<Buffer> {
  const document = await PDFDocument.load(pdf, { updateMetadata: false });
  await document.attach(Buffer.from(xml, 'utf8'), fileName, {
    mimeType: 'text/xml',
    description: 'Factur-X invoice',
    creationDate: at,
    modificationDate: at,
    afRelationship: AFRelationship.Alternative,
  });
  const { context, catalog } = document;
  const place = catalog.get(PDFName.of('Metadata'));
  const stream = context.lookup(place);
  if (!(place instanceof PDFRef && stream instanceof PDFRawStream))
    throw new Error('the PDF has no metadata to say that it is a Factur-X');
  const metadata = Buffer.from(stream.getContents()).toString('utf8');
  const said = insertBefore(
    insertBefore(metadata, '</rdf:Bag></pdfaExtension:schemas>', schema),
    '</rdf:RDF>',
    description,
  );
  const written = context.stream(Buffer.from(said, 'utf8'), { Type: 'Metadata', Subtype: 'XML' });
  context.assign(place, written);
  return Buffer.from(await document.save({ useObjectStreams: false }));
}

const property = (name: string, says: string): string => `
        <rdf:li rdf:parseType="Resource"><pdfaProperty:name>${name}</pdfaProperty:name>
         <pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>
         <pdfaProperty:description>${says}</pdfaProperty:description></rdf:li>`;

const description = `
  <rdf:Description rdf:about="" xmlns:fx="${uri}">
   <fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>${fileName}</fx:DocumentFileName>
   <fx:Version>1.0</fx:Version><fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>
  </rdf:Description>
`;

/**
 * PDF/A allows no property that its metadata do not describe. They do so in one list, which the PDF has
 * already: a second list would be the same property twice, and no reader of XMP takes that.
 */
const schema = `
     <rdf:li rdf:parseType="Resource">
      <pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
      <pdfaSchema:namespaceURI>${uri}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>
      <pdfaSchema:property><rdf:Seq>${property('DocumentFileName', 'The name of the embedded XML document')}${property(
        'DocumentType',
        'The type of the hybrid document',
      )}${property('Version', 'The version of the standard')}${property(
        'ConformanceLevel',
        'The conformance level of the embedded XML document',
      )}</rdf:Seq></pdfaSchema:property>
     </rdf:li>`;

function insertBefore(text: string, mark: string, inserted: string): string {
  const at = text.lastIndexOf(mark);
  if (at < 0) throw new Error(`the metadata of the PDF have no ${mark}`);
  return text.slice(0, at) + inserted + text.slice(at);
}
