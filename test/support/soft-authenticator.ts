import { Buffer } from 'node:buffer';
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';

const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest();
const base64url = (data: string | Uint8Array): string => Buffer.from(data).toString('base64url');

type Options = { challenge: string };
/** What goes wrong on purpose. */
export type Wrong = {
  origin?: string;
  rpId?: string;
  challenge?: string;
  isUserVerified?: boolean;
  counter?: number;
  userHandle?: string;
};

const flag = { present: 0x01, verified: 0x04, attested: 0x40 };

/** A security key made of a P-256 key pair: what a browser answers for it, by the letter of WebAuthn. */
export class SoftAuthenticator {
  readonly id = randomBytes(16);
  readonly #private: KeyObject;
  readonly #public: { x: Buffer; y: Buffer };
  readonly #site: { origin: string; rpId: string };
  #counter = 0;
  #userHandle = '';

  constructor(origin: string) {
    this.#site = { origin, rpId: new URL(origin).hostname };
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = publicKey.export({ format: 'jwk' });
    this.#private = privateKey;
    this.#public = { x: Buffer.from(jwk.x ?? '', 'base64url'), y: Buffer.from(jwk.y ?? '', 'base64url') };
  }

  #clientData(type: 'webauthn.create' | 'webauthn.get', options: Options, wrong: Wrong): string {
    return JSON.stringify({
      type,
      challenge: wrong.challenge ?? options.challenge,
      origin: wrong.origin ?? this.#site.origin,
      crossOrigin: false,
    });
  }

  #authenticatorData(flags: number, wrong: Wrong, attested = Buffer.alloc(0)): Buffer {
    const verified = wrong.isUserVerified === false ? 0 : flag.verified;
    const counter = Buffer.alloc(4);
    this.#counter += 1;
    counter.writeUInt32BE(wrong.counter ?? this.#counter);
    const head = Buffer.from([flags | flag.present | verified]);
    return Buffer.concat([sha256(wrong.rpId ?? this.#site.rpId), head, counter, attested]);
  }

  /** `navigator.credentials.create()` */
  create(options: Options & { user: { id: string } }, wrong: Wrong = {}) {
    this.#userHandle = options.user.id;
    const cose = new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, new Uint8Array(this.#public.x)],
      [-3, new Uint8Array(this.#public.y)],
    ]);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.id.length);
    const attested = Buffer.concat([Buffer.alloc(16), length, this.id, isoCBOR.encode(cose)]);
    const attestation = new Map<string, unknown>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', new Uint8Array(this.#authenticatorData(flag.attested, wrong, attested))],
    ]);
    return {
      id: base64url(this.id),
      rawId: base64url(this.id),
      type: 'public-key',
      response: {
        clientDataJSON: base64url(this.#clientData('webauthn.create', options, wrong)),
        attestationObject: base64url(isoCBOR.encode(attestation as never)),
        transports: ['internal'],
      },
      clientExtensionResults: {},
    };
  }

  /** `navigator.credentials.get()` */
  get(options: Options, wrong: Wrong = {}) {
    const clientDataJSON = this.#clientData('webauthn.get', options, wrong);
    const authenticatorData = this.#authenticatorData(0, wrong);
    const signed = Buffer.concat([authenticatorData, sha256(clientDataJSON)]);
    return {
      id: base64url(this.id),
      rawId: base64url(this.id),
      type: 'public-key',
      response: {
        clientDataJSON: base64url(clientDataJSON),
        authenticatorData: base64url(authenticatorData),
        signature: base64url(sign('sha256', signed, this.#private)),
        userHandle: wrong.userHandle ?? this.#userHandle,
      },
      clientExtensionResults: {},
    };
  }
}
