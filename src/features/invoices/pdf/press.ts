import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import type { Letterhead } from './document.ts';
import { readFonts } from './fonts.ts';

export type PressJob = {
  template: 'invoice' | 'receipt' | 'authorization' | 'letter' | 'report';
  /** JSON. It reaches the template as a value and is never parsed as markup. */
  data: string;
  createdAt_s: number;
  /** A picture of the pages, one below the other, for a preview; else the document itself. */
  asPicture?: boolean | undefined;
  logo?: Letterhead['logo'] | undefined;
  /** A PNG of one document: a signature. */
  picture?: Uint8Array | undefined;
  /** As PDF/A-3, which may carry another file in it. */
  archival?: boolean | undefined;
};

type Attempt = PressJob & { accessible: boolean };

const room = fileURLToPath(new URL('.', import.meta.url));
const compiler = NodeCompiler.create({ workspace: room, fontArgs: [{ fontBlobs: readFonts() }] });

/** Logos the compiler holds; each of an organization's documents brings its own along. */
const most_logos = 64;
const logoPaths = new Set<string>();

/**
 * One document, set by the engine, in the thread that asks. Same job, same bytes of a PDF; in a picture the
 * names of fonts and groups may differ.
 *
 * PDF/UA-1 refuses a document with a character that no font has. A customer's name may hold one, and the
 * invoice must go out: it is then a tagged PDF without the claim, and a box stands for the character.
 */
export function press(job: PressJob): Buffer {
  try {
    return attempt({ ...job, accessible: true });
  } catch (refusal) {
    const reason = reasonOf(refusal);
    if (/PDF\/(UA-1|A-3a) error/.test(reason)) return attempt({ ...job, accessible: false });
    // A picture that is none is refused when it is uploaded; if one got through, the name stands for it.
    if ((job.logo || job.picture) && /image|SVG/i.test(reason))
      return press({ ...job, logo: undefined, picture: undefined });
    throw new Error(reason, { cause: refusal });
  } finally {
    // The engine remembers every paragraph it ever set, half a megabyte a document. What two documents in a
    // row did not use is one document's own text.
    compiler.evictCache(2);
  }
}

// The engine leaves the message empty and puts the diagnosis where a code belongs.
const reasonOf = (refusal: unknown): string =>
  refusal instanceof Error && 'code' in refusal ? String(refusal.code) : String(refusal);

function attempt({
  template,
  data,
  createdAt_s,
  logo,
  picture,
  archival,
  accessible,
  asPicture,
}: Attempt): Buffer {
  const inputs = {
    data,
    logo: logo ? place(logo) : '',
    picture: picture ? place({ bytes: picture, type: 'image/png' }) : '',
  };
  const document = { mainFilePath: `${room}${template}.typ`, inputs };
  if (asPicture) return Buffer.from(compiler.svg(document));
  const standard = archival ? (accessible ? 'a-3a' : 'a-3b') : accessible ? 'ua-1' : undefined;
  return compiler.pdf(document, {
    creationTimestamp: createdAt_s,
    ...(standard ? { pdfStandard: standard } : {}),
  });
}

/** Puts a logo beside the templates, in memory, under a name that is its content. */
function place(logo: NonNullable<PressJob['logo']>): string {
  const type = logo.type === 'image/svg+xml' ? 'svg' : logo.type === 'image/png' ? 'png' : 'jpg';
  const path = `logo-${createHash('sha256').update(logo.bytes).digest('hex')}.${type}`;
  if (!logoPaths.has(path)) {
    const [oldest] = logoPaths;
    if (oldest && logoPaths.size >= most_logos) {
      compiler.unmapShadow(room + oldest);
      logoPaths.delete(oldest);
    }
    compiler.mapShadow(room + path, Buffer.from(logo.bytes));
    logoPaths.add(path);
  }
  return path;
}
