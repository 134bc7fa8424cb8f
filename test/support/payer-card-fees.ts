import { publishableKeyOf } from '#connectors/gateways/sandbox/keys.ts';
import { askSandbox, sandboxToken } from '#connectors/gateways/sandbox/sandbox-lab.ts';
import type { Books } from './given.ts';
import { query, secretKeyOf } from './portal.ts';
import { testServer } from './server.ts';

export const cards = {
  credit: '4242424242424242',
  debit: '4000056655665556',
  prepaid: '5105105105105100',
};

/** A one-time token of the card with this number, as the gateway's fields hand it to the page. */
export async function cardToken(books: Books, number: string): Promise<string> {
  const { sandboxUrl } = await testServer();
  const key = publishableKeyOf(await secretKeyOf(books));
  const card = { type: 'card', number, expiry: '12 / 39', cvc: '123' };
  const { token } = await askSandbox(sandboxUrl, key, 'POST /v1/tokens', card);
  if (typeof token !== 'string') throw new Error('the sandbox made no token');
  return token;
}

export const bankToken = async (books: Books): Promise<string> =>
  sandboxToken((await testServer()).sandboxUrl, await secretKeyOf(books), 'settle');

type Charged = {
  id: string;
  amount: bigint;
  fee: bigint;
  fee_kind: string | null;
  state: string;
  request_key: string;
};
export const paymentsOf = (customerId: string): Promise<Charged[]> =>
  query<Charged>(
    'select id, amount, fee, fee_kind, state, request_key from payments where customer_id = $1 order by id',
    [customerId],
  );
