import { randomBytes } from 'node:crypto';

export type FakeMessage = {
  sid: string;
  to: string;
  from: string | null;
  service: string | null;
  body: string;
  status: string;
  errorCode: number | null;
  statusUrl: string | null;
  validity_s: number;
  at: Date;
};

export const sidOf = (prefix: string): string => `${prefix}${randomBytes(16).toString('hex')}`;

/** As Twilio dates things: `Thu, 24 Aug 2023 05:01:45 +0000`. */
const rfc2822 = (at: Date): string => at.toUTCString().replace('GMT', '+0000');

/** A message as the API shows it. */
export function messageJson(accountSid: string, message: FakeMessage) {
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}`;
  const isOut = message.status !== 'queued' && message.status !== 'accepted';
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: message.body,
    date_created: rfc2822(message.at),
    date_sent: isOut ? rfc2822(message.at) : null,
    date_updated: rfc2822(message.at),
    direction: 'outbound-api',
    error_code: message.errorCode,
    error_message: null,
    from: message.from,
    messaging_service_sid: message.service,
    num_media: '0',
    num_segments: message.service ? '0' : String(Math.ceil(message.body.length / 153)),
    price: null,
    price_unit: 'USD',
    sid: message.sid,
    status: message.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: message.to,
    uri: `${uri}.json`,
  };
}

/** A page of the list, newest first, as `To`, `From`, `PageSize` and `Page` ask for it. */
export function page(fake: { accountSid: string; messages: FakeMessage[] }, url: URL, root: string) {
  const asked = url.searchParams;
  const size = Math.min(1000, Number(asked.get('PageSize') ?? 50));
  const number = Number(asked.get('Page') ?? 0);
  const found = fake.messages.filter(
    (each) =>
      (!asked.has('To') || asked.get('To') === each.to) &&
      (!asked.has('From') || asked.get('From') === each.from),
  );
  const at = (which: number): string => {
    const query = new URLSearchParams(asked);
    query.set('Page', String(which));
    return `${root}/Messages.json?${query}`;
  };
  const start = number * size;
  return {
    messages: found.slice(start, start + size).map((each) => messageJson(fake.accountSid, each)),
    page: number,
    page_size: size,
    start,
    end: Math.min(start + size, found.length) - 1,
    first_page_uri: at(0),
    previous_page_uri: number > 0 ? at(number - 1) : null,
    next_page_uri: start + size < found.length ? at(number + 1) : null,
    uri: at(number),
  };
}
