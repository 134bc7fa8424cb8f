import { encode } from 'uqr';

/** An invoice is set again for each reminder and each look in the portal; its code takes a millisecond. */
const recent = new Map<string, string>();
const most_recent = 256;

/**
 * A QR code as a picture that prints sharp at any size: one path, dark modules only; the white of the page is
 * its quiet zone. Level M, as for print that may be folded or smudged.
 */
export function qrCode(text: string): string {
  const known = recent.get(text);
  if (known) return known;
  const { data, size } = encode(text, { ecc: 'M', border: 0 });
  const path = data
    .map((row, y) =>
      runs(row)
        .map(([x, width]) => `M${x} ${y}h${width}v1h-${width}z`)
        .join(''),
    )
    .join('');
  const box = `xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}"`;
  const picture = `<svg ${box}><path d="${path}"/></svg>`;
  const [oldest] = recent.keys();
  if (oldest !== undefined && recent.size >= most_recent) recent.delete(oldest);
  recent.set(text, picture);
  return picture;
}

/** Start and width of each stretch of dark modules in a row. */
function runs(row: boolean[]): [start: number, width: number][] {
  const found: [number, number][] = [];
  for (const [x, dark] of row.entries()) {
    const last = found.at(-1);
    if (!dark) continue;
    if (last && last[0] + last[1] === x) last[1] += 1;
    else found.push([x, 1]);
  }
  return found;
}
