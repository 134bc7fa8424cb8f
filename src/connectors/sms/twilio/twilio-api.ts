import { z } from 'zod';
import { type HttpClient, type HttpResult, httpClient, redact } from '../../http-client.ts';

export type TwilioCredentials = { accountSid: string; authToken: string; sender: string };

export const readCredentials = (given: Record<string, string>): TwilioCredentials => ({
  accountSid: given.account_sid?.trim() ?? '',
  authToken: given.auth_token?.trim() ?? '',
  sender: given.sender?.replace(/[\s().-]/g, '') ?? '',
});

export type TwilioOptions = { url?: string; timeout_ms?: number };

export function twilioClient(keys: TwilioCredentials, options: TwilioOptions): HttpClient {
  const basic = Buffer.from(`${keys.accountSid}:${keys.authToken}`).toString('base64');
  return httpClient({
    url: options.url ?? 'https://api.twilio.com',
    headers: { authorization: `Basic ${basic}` },
    secrets: [keys.authToken, basic],
    ...(options.timeout_ms ? { timeout_ms: options.timeout_ms } : {}),
  });
}

/** Sender numbers and Messaging Services go by different names. */
export const senderParameter = (sender: string): Record<string, string> =>
  sender.startsWith('MG') ? { MessagingServiceSid: sender } : { From: sender };

const zMessage = z.object({
  sid: z.string(),
  body: z.string().nullable(),
  status: z.string(),
  direction: z.string(),
  error_code: z.number().nullable(),
  error_message: z.string().nullable(),
  date_created: z.string().nullable(),
});
export type TwilioMessage = z.output<typeof zMessage>;

const zList = z.object({ messages: z.array(zMessage), next_page_uri: z.string().nullable().optional() });
const zError = z.object({ code: z.number(), message: z.string() });

const parsed = <S extends z.ZodType>(shape: S, text: string): z.output<S> | undefined => {
  try {
    return shape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

export const readMessage = (text: string) => parsed(zMessage, text);
export const readList = (text: string) => parsed(zList, text);

/** What a refusal says, in Twilio's words; no telephone number and no secret comes through. */
export function wordsOf(result: HttpResult, keys: TwilioCredentials): { code: number; words: string } {
  if (result.kind === 'failed') return { code: 0, words: `Twilio did not answer: ${result.reason}` };
  const error = parsed(zError, result.text);
  const words = error ? `${error.message} (Twilio ${error.code})` : `Twilio answered ${result.status}.`;
  return { code: error?.code ?? 0, words: redact(words, [keys.authToken]) };
}
