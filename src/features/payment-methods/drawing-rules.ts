// Apart from the other rules: the console reads those in a browser, which has no Buffer.
export const maxDrawing_bytes = 102_400;
const pngHead = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const pngEnd = Buffer.from([0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]);

/** The drawing as the page's canvas writes it; undefined for anything that is no small picture. */
export function readDrawing(dataUrl: string): Buffer | undefined {
  const [, base64] = /^data:image\/png;base64,([A-Za-z0-9+/]+={0,2})$/.exec(dataUrl) ?? [];
  if (base64 === undefined || base64.length > maxDrawing_bytes * 1.4) return undefined;
  const image = Buffer.from(base64, 'base64');
  const isPng = image.subarray(0, 8).equals(pngHead) && image.subarray(-8).equals(pngEnd);
  return isPng && image.length <= maxDrawing_bytes ? image : undefined;
}
