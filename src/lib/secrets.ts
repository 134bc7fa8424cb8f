import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/** A token for a link, a session or an API key: 192 random bits. Only its hash is stored. */
export const newToken = (): string => randomBytes(24).toString('base64url');

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** What the installation's one master key is turned into: a key a purpose, so that none serves two. */
export type Secrets = {
  encrypt(plain: string): Buffer;
  decrypt(sealed: Buffer): string;
  /** A signature for a link, 128 bits in base64url. */
  sign(purpose: string, text: string): string;
  verify(purpose: string, text: string, signature: string): boolean;
};

export function makeSecrets(masterKey: Buffer): Secrets {
  if (masterKey.length < 32) throw new Error('the master key needs 32 bytes');
  const derive = (purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), `owed ${purpose}`, 32));
  const boxKey = derive('encryption');
  const sign = (purpose: string, text: string): string =>
    createHmac('sha256', derive(`signature ${purpose}`))
      .update(text)
      .digest()
      .subarray(0, 16)
      .toString('base64url');
  return {
    encrypt(plain) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', boxKey, nonce);
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.from([1]), nonce, cipher.getAuthTag(), body]);
    },
    decrypt(sealed) {
      if (sealed[0] !== 1) throw new Error('sealed with an unknown version');
      const decipher = createDecipheriv('aes-256-gcm', boxKey, sealed.subarray(1, 13));
      decipher.setAuthTag(sealed.subarray(13, 29));
      return Buffer.concat([decipher.update(sealed.subarray(29)), decipher.final()]).toString('utf8');
    },
    sign,
    verify: (purpose, text, signature) => sameText(sign(purpose, text), signature),
  };
}

/** Compare in a time that tells nothing of where two texts differ. */
export function sameText(a: string, b: string): boolean {
  const left = createHash('sha256').update(a).digest();
  const right = createHash('sha256').update(b).digest();
  return timingSafeEqual(left, right);
}
