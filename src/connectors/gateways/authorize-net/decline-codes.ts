import type { DeclineCode } from '#features/payments/payment-gateway.ts';

/**
 * Authorize.Net's response reason codes, and the message codes of refused requests, by ours. After
 * https://developer.authorize.net/api/reference/responseCodes.html; those that leave the money in doubt are no
 * declines (words.ts).
 */
export const authorizeNetDeclines: Partial<Record<DeclineCode, string>> = {
  limit_exceeded: '49 E00051',
  expired_card: '8 202 317',
  incorrect_cvc: '44 65 78 165',
  incorrect_details: '6 7 27 37 45 127 200 201 203 315 316',
  lost_or_stolen: '4',
  do_not_honor: '2 3 128 E00027',
  suspected_fraud: '41 104 105 106 107 108 109 110 141 145 193 250 251 252 253 254 295 E00073',
  method_not_supported: '17 28 56 204 207 208 243 244 245 246 247 248 289',
  bad_account: '9 10 24 101',
  amount_refused: '5 47 48 50 51 55 209 E00066',
  duplicate: '11 318',
  details_expired: '12 46 E00114 E00115 E00116 E00122 E00124',
  method_gone: '15 16 33 E00040 E00121',
  gateway_setup: `13 14 18 29 30 31 32 34 35 38 39 40 43 66 68 69 70 71 72 73 74 75 76 77 79 80 81 82 84 85 86
    87 88 89 90 91 92 97 98 99 100 102 103 116 117 118 119 123 130 131 132 152 153 170 171 172 173 174 175 176
    185 187 191 205 206 210 211 212 213 214 215 216 217 218 219 220 221 222 223 224 261 270 271 288
    E00003 E00005 E00006 E00007 E00008 E00009 E00010 E00011 E00012 E00013 E00014 E00015 E00016 E00017 E00018
    E00019 E00041 E00042 E00044 E00095`,
  gateway_error: '19 20 21 22 23 25 26 36 57 58 59 60 61 62 63 120 121 122 180 181 192 E00001 E00053',
  declined: '0 1',
};
const ours = new Map(
  Object.entries(authorizeNetDeclines).flatMap(([code, theirs]) =>
    theirs.split(/\s+/).map((each) => [each, code as DeclineCode] as const),
  ),
);

/** A message code (`E…`) is about the request and not about the card. */
export const declineCode = (theirs: string): DeclineCode =>
  ours.get(theirs) ?? (theirs.startsWith('E') ? 'gateway_setup' : 'declined');
