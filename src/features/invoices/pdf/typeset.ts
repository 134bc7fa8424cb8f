import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import type { Letterhead } from './document.ts';
import { readFonts } from './fonts.ts';

const room = fileURLToPath(new URL('.', import.meta.url));
let compilerOfProcess: NodeCompiler | undefined;
const compiler = (): NodeCompiler => {
  compilerOfProcess ??= NodeCompiler.create({ workspace: room, fontArgs: [{ fontBlobs: readFonts() }] });
  return compilerOfProcess;
};

export async function typeset(
  template: 'invoice' | 'receipt',
  data: object,
  { createdAt, logo }: { createdAt: Date; logo?: Letterhead['logo'] | undefined },
): Promise<Buffer> {
  await setImmediate();
  const c = compiler();
  let path: string | null = null;
  if (logo) {
    path = `logo-${createHash('sha256').update(logo.bytes).digest('hex')}.${logo.type.slice(6, 9)}`;
    c.mapShadow(`${room}${path}`, Buffer.from(logo.bytes));
  }
  const d = data as { organization: object };
  const result = c.compile({
    mainFilePath: `${room}${template}.typ`,
    inputs: { data: JSON.stringify({ ...d, organization: { ...d.organization, logo: path } }) },
  });
  if (!result.result) throw new Error(JSON.stringify(c.fetchDiagnostics(result.takeError()!), null, 1));
  return c.pdf(result.result, { pdfStandard: 'ua-1', creationTimestamp: Math.floor(createdAt.getTime() / 1000) });
}
