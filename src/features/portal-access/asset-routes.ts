import type { App } from '#http/app.ts';
import { Refusal } from '#lib/errors.ts';
import { assetFiles, assetPath } from '#web/portal/assets.ts';

/** The portal's script, fonts and icon. Their names carry their hash, so a browser keeps them for good. */
export function assetRoutes(app: App): void {
  app.fastify.get<{ Params: { file: string } }>(`${assetPath}/:file`, async (request, reply) => {
    const file = assetFiles.get(request.params.file);
    if (!file) throw new Refusal('not_found', 'There is no such file.');
    return reply
      .header('content-type', file.type)
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
      .send(file.body);
  });
}
