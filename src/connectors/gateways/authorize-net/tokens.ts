import type { MethodDetails } from '#features/payments/payment-gateway.ts';

type TokenKind = 'card' | 'bank_account';

/**
 * A one-time token as our fields page makes it of what the hosted form answers: `card:2031-04:<nonce>`,
 * `bank_account::<nonce>`. The nonce tells nothing of itself, and Authorize.Net never tells the expiry of a
 * card it charged, so the page keeps both beside it. They are the payer's word: good for showing, and to
 * refuse early, never to allow.
 */
export type OneTimeToken = { nonce: string; kind?: TokenKind; expiry?: { year: number; month: number } };

/** The token type of everything that Accept's forms make. */
export const acceptDescriptor = 'COMMON.ACCEPT.INAPP.PAYMENT';

export function readOneTimeToken(token: string): OneTimeToken {
  const [, kind, year, month, nonce] = /^(card|bank_account):(?:(\d{4})-(\d{2}))?:(.+)$/s.exec(token) ?? [];
  if (!kind || !nonce) return { nonce: token };
  const expiry = year && month ? { year: Number(year), month: Number(month) } : undefined;
  return { nonce, kind: kind as TokenKind, ...(expiry && { expiry }) };
}

export const opaqueDataOf = (nonce: string) => ({
  opaqueData: { dataDescriptor: acceptDescriptor, dataValue: nonce },
});

/** `customerProfileId/customerPaymentProfileId/kind`. */
export type StoredToken = { profileId: string; paymentProfileId: string; kind?: TokenKind };

export function readStoredToken(token: string): StoredToken | undefined {
  const [, profileId, paymentProfileId, kind] =
    /^(\d{1,20})\/(\d{1,20})(?:\/(card|bank_account))?$/.exec(token) ?? [];
  if (!profileId || !paymentProfileId) return undefined;
  return { profileId, paymentProfileId, ...(kind && { kind: kind as TokenKind }) };
}

export const storedTokenOf = (ids: StoredToken, method: Pick<MethodDetails, 'kind'>): string =>
  `${ids.profileId}/${ids.paymentProfileId}/${method.kind}`;

/** Only for a card whose expiry the page saw. */
export const withExpiry = (method: MethodDetails, token: OneTimeToken | undefined): MethodDetails =>
  method.kind === 'card' && token?.expiry ? { ...method, expiry: token.expiry } : method;
