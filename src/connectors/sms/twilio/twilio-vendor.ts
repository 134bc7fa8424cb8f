import { z } from 'zod';
import type { CarrierCheck } from '#features/correspondence/carrier.ts';
import type { TextVendor } from '#features/correspondence/texter.ts';
import { readCredentials, type TwilioOptions, twilioClient, wordsOf } from './twilio-api.ts';
import { twilioTexter } from './twilio-texter.ts';

const zAccount = z.object({ friendly_name: z.string(), status: z.string(), type: z.string().optional() });
const zNumbers = z.object({ incoming_phone_numbers: z.array(z.object({ phone_number: z.string() })) });

/** Text messages by Twilio (Programmable Messaging, API 2010-04-01). */
export const twilioVendor = (options: TwilioOptions = {}): TextVendor => ({
  vendor: 'twilio',
  name: 'Twilio',
  credentials: [
    {
      name: 'account_sid',
      label: 'Account SID',
      secret: false,
      help: 'Begins with AC; on the first page of the Twilio console.',
    },
    { name: 'auth_token', label: 'Auth token', secret: true, help: 'Beside the account SID.' },
    {
      name: 'sender',
      label: 'Sender',
      secret: false,
      help: 'Your Twilio number such as +15125550100, or the SID of a Messaging Service (MG…). Register it for A2P 10DLC.',
    },
  ],
  make: (credentials) => twilioTexter(readCredentials(credentials), options),
  shown: (credentials) => readCredentials(credentials).sender,
  check: (credentials) => checkTwilio(credentials, options),
});

async function checkTwilio(given: Record<string, string>, options: TwilioOptions): Promise<CarrierCheck> {
  const keys = readCredentials(given);
  const wrong = (field: string, message: string): CarrierCheck => ({ ok: false, field, message });
  if (!/^AC[0-9a-fA-F]{32}$/.test(keys.accountSid))
    return wrong(
      'account_sid',
      'The account SID has AC and 32 digits or letters a to f. Copy it from Twilio.',
    );
  if (!/^(\+[1-9]\d{6,14}|MG[0-9a-fA-F]{32})$/.test(keys.sender))
    return wrong('sender', 'Give the sender as +15125550100, or the SID of a Messaging Service (MG…).');
  const client = twilioClient(keys, options);
  const root = `/2010-04-01/Accounts/${keys.accountSid}`;
  const account = await client.send({ method: 'GET', path: `${root}.json` });
  if (account.kind === 'answered' && (account.status === 401 || account.status === 404))
    return wrong('auth_token', 'Twilio does not know this account SID with this auth token.');
  const found = read(zAccount, account);
  if (!found) return { ok: false, message: wordsOf(account, keys).words };
  if (found.status !== 'active')
    return wrong('account_sid', `Twilio says that this account is ${found.status}. Ask Twilio to open it.`);
  const notes = found.type === 'Trial' ? ['A trial account sends only to numbers verified with Twilio.'] : [];
  if (keys.sender.startsWith('+')) {
    const query = new URLSearchParams({ PhoneNumber: keys.sender });
    const numbers = read(
      zNumbers,
      await client.send({ method: 'GET', path: `${root}/IncomingPhoneNumbers.json?${query}` }),
    );
    if (numbers && numbers.incoming_phone_numbers.length === 0)
      return wrong('sender', `${keys.sender} is not a number of this Twilio account.`);
  }
  return { ok: true, accountName: found.friendly_name, mode: 'live', notes };
}

function read<S extends z.ZodType>(
  shape: S,
  result: Awaited<ReturnType<ReturnType<typeof twilioClient>['send']>>,
): z.output<S> | undefined {
  if (result.kind !== 'answered' || result.status !== 200) return undefined;
  try {
    return shape.safeParse(JSON.parse(result.text)).data;
  } catch {
    return undefined;
  }
}
