import { AFRelationship, PDFDocument, PDFName, PDFRawStream } from '@cantoo/pdf-lib';

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
  const stream = context.lookup(catalog.get(PDFName.of('Metadata')));
  if (!(stream instanceof PDFRawStream))
    throw new Error('the PDF has no metadata to say that it is a Factur-X');
  const metadata = Buffer.from(stream.getContents()).toString('utf8');
  const said = metadata.replace('</rdf:RDF>', `${description}</rdf:RDF>`);
  if (said === metadata) throw new Error('the metadata of the PDF cannot be read');
  const written = context.stream(Buffer.from(said, 'utf8'), { Type: 'Metadata', Subtype: 'XML' });
  catalog.set(PDFName.of('Metadata'), context.register(written));
  return Buffer.from(await document.save({ useObjectStreams: false }));
}

const property = (name: string, says: string): string => `
        <rdf:li rdf:parseType="Resource"><pdfaProperty:name>${name}</pdfaProperty:name>
         <pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>
         <pdfaProperty:description>${says}</pdfaProperty:description></rdf:li>`;

/** PDF/A allows no property that its metadata do not describe first. */
const description = `
  <rdf:Description rdf:about="" xmlns:fx="${uri}">
   <fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>${fileName}</fx:DocumentFileName>
   <fx:Version>1.0</fx:Version><fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
   <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
      <pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
      <pdfaSchema:namespaceURI>${uri}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>
      <pdfaSchema:property><rdf:Seq>${property('DocumentFileName', 'The name of the embedded XML document')}${property(
        'DocumentType',
        'The type of the hybrid document',
      )}${property('Version', 'The version of the standard')}${property(
        'ConformanceLevel',
        'The conformance level of the embedded XML document',
      )}</rdf:Seq></pdfaSchema:property>
   </rdf:li></rdf:Bag></pdfaExtension:schemas>
  </rdf:Description>
`;
