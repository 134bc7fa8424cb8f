import type { Secrets } from '#lib/secrets.ts';

type Signer = Pick<Secrets, 'sign'>;

/** Which link of which message, or its picture: nothing in the address says where it leads. */
export const trackToken = (secrets: Signer, messageId: string, what: string): string =>
  `${messageId.slice(4)}.${what}.${secrets.sign('mail tracking', `${messageId} ${what}`)}`;

export function readTrackToken(
  secrets: Pick<Secrets, 'verify'>,
  token: string,
): { messageId: string; what: string } | undefined {
  const [, id, what, signature] = /^([0-9a-z]{22})\.(open|\d{1,3})\.([\w-]{10,40})$/.exec(token) ?? [];
  if (!id || !what || !signature) return undefined;
  const messageId = `msg_${id}`;
  return secrets.verify('mail tracking', `${messageId} ${what}`, signature) ? { messageId, what } : undefined;
}

const hrefs = /(<a\b[^>]*?\shref=")(https?:\/\/[^"]+)(")/gi;

/** Where the link with this number leads, by the mail as it is stored: our redirect leads nowhere else. */
export function linkOf(html: string, at: number): string | undefined {
  return [...html.matchAll(hrefs)][at]?.[2]?.replaceAll('&amp;', '&').replaceAll('&#39;', "'");
}

/**
 * The mail with what tells of its being read, only as far as the organization asked for it. All of it leads
 * to this installation: nobody else learns of a link, least of all of one that pays.
 */
export function withTracking(
  html: string,
  by: { messageId: string; trackOpens: boolean; trackClicks: boolean; secrets: Signer; baseUrl: string },
): string {
  const address = (what: string) => `${by.baseUrl}/m/${trackToken(by.secrets, by.messageId, what)}`;
  let at = -1;
  const linked = by.trackClicks
    ? html.replace(hrefs, (_whole, before: string, _url: string, after: string) => {
        at += 1;
        return `${before}${address(String(at))}${after}`;
      })
    : html;
  if (!by.trackOpens) return linked;
  const picture = `<img src="${address('open')}" width="1" height="1" alt="" style="display:block;border:0">`;
  return linked.includes('</body>') ? linked.replace('</body>', `${picture}</body>`) : `${linked}${picture}`;
}
