import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { httpClient } from '../../http-client.ts';

/** Where certificates of an opened gateway are kept once fetched; PayPal changes them about once a year. */
export type CertificateCache = Map<string, string>;
const kept_max = 8;

export type CertificateSource = {
  /** The one origin that certificates come from: whoever signs a webhook also writes its URL. */
  origin: string;
  cache: CertificateCache;
  /** Trusted to issue certificates; the machine's own list, when not given. */
  roots?: readonly string[] | undefined;
  timeout_ms: number;
};

/** The public key of the certificate at `url`, if it is PayPal's and valid at this instant. */
export async function signingKey(
  source: CertificateSource,
  url: string,
  now: Date,
): Promise<X509Certificate['publicKey'] | undefined> {
  if (!isPaypalAddress(source.origin, url)) return undefined;
  const chain = readChain(source.cache.get(url) ?? (await fetchChain(source, url)));
  const [leaf] = chain;
  const trust = {
    roots: source.roots ?? rootCertificates,
    overTls: source.origin.startsWith('https:'),
    now,
  };
  if (!leaf || !isForMessages(leaf) || !chainHolds(chain, trust)) return undefined;
  return leaf.publicKey;
}

function isPaypalAddress(origin: string, url: string): boolean {
  if (!URL.canParse(url)) return false;
  const parsed = new URL(url);
  return (
    parsed.origin === origin &&
    parsed.username === '' &&
    /^\/v1\/notifications\/certs\/[\w-]{1,100}$/.test(parsed.pathname)
  );
}

async function fetchChain({ origin, cache, timeout_ms }: CertificateSource, url: string): Promise<string> {
  const client = httpClient({ url: origin, timeout_ms, maxBody_bytes: 100_000 });
  const result = await client.send({ method: 'GET', path: new URL(url).pathname });
  if (result.kind !== 'answered' || result.status !== 200) return '';
  const [oldest] = cache.keys();
  if (cache.size >= kept_max && oldest !== undefined) cache.delete(oldest);
  cache.set(url, result.text);
  return result.text;
}

function readChain(text: string): X509Certificate[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((each) => new X509Certificate(each));
  } catch {
    // Not a certificate, whatever it calls itself: nothing is signed by it.
    return [];
  }
}

const isForMessages = (leaf: X509Certificate): boolean =>
  /^CN=messageverificationcerts(\.[\w-]+)*\.paypal\.com$/m.test(leaf.subject);

const isValidAt = (certificate: X509Certificate, now: Date): boolean =>
  Date.parse(certificate.validFrom) <= now.getTime() && now.getTime() <= Date.parse(certificate.validTo);

const issued = (issuer: X509Certificate, certificate: X509Certificate): boolean =>
  issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

/**
 * Each certificate is valid today and issued by the next, and the last by a trusted root. Node cannot fetch
 * an intermediate that was not served: then the chain ends there, and TLS to PayPal's own host vouches.
 */
export function chainHolds(
  chain: readonly X509Certificate[],
  trust: { roots: readonly string[]; overTls: boolean; now: Date },
): boolean {
  const last = chain.at(-1);
  if (!last || !chain.every((each) => isValidAt(each, trust.now))) return false;
  const linked = chain.every((each, at) => {
    const next = chain[at + 1];
    return next === undefined || issued(next, each);
  });
  if (!linked) return false;
  const roots = trust.roots.map((pem) => new X509Certificate(pem));
  const isRoot = (root: X509Certificate): boolean =>
    isValidAt(root, trust.now) && (root.fingerprint256 === last.fingerprint256 || issued(root, last));
  return roots.some(isRoot) || (trust.overTls && last.issuer !== last.subject);
}
