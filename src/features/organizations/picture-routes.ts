import { sql } from 'kysely';
import { systemActor } from '#db/db.ts';
import type { App } from '#http/app.ts';
import { Refusal } from '#lib/errors.ts';
import { isId } from '#lib/ids.ts';

const pictures = { logos: 'organization_logos', icons: 'organization_icons' } as const;
type Picture = { contentType: string; bytes: Buffer; hash: string };

/**
 * Logos and icons are public, like the paper they are printed on: mail programs fetch them without a
 * sign-in.
 */
export function pictureRoutes(app: App): void {
  for (const [path, table] of Object.entries(pictures)) {
    app.fastify.get<{ Params: { id: string; hash: string } }>(
      `/${path}/:id/:hash`,
      async (request, reply) => {
        const { id, hash } = request.params;
        const picture = isId('organization', id)
          ? await app.db.transaction(systemActor('picture'), (tx) =>
              tx.row<Picture>(
                sql`select content_type, bytes, hash from ${sql.ref(table)} where organization_id = ${id}`,
              ),
            )
          : undefined;
        if (!picture?.hash.startsWith(hash)) throw new Refusal('not_found', 'There is no such picture.');
        return reply
          .header('content-type', picture.contentType)
          .header('cache-control', 'public, max-age=31536000, immutable')
          .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
          .send(picture.bytes);
      },
    );
  }
}
