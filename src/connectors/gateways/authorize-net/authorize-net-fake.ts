import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Call,
  type Fields,
  type Method,
  ok,
  part,
  type Reply,
  refused,
  textOf,
} from './fake-answers.ts';
import { type FakeAccount, newAccount, takeFault } from './fake-books.ts';
import { acceptMainPage, acceptUiScript } from './fake-hosted-form.ts';
import {
  getMerchantDetails,
  getSettledBatchList,
  getTransactionDetails,
  getTransactionList,
  getUnsettledTransactionList,
} from './fake-reporting.ts';
import { isKnownRequest, schemaFault } from './fake-schema.ts';
import { createTransaction, rowOf } from './fake-transactions.ts';
import {
  createCustomerProfile,
  createCustomerProfileFromTransaction,
  deleteCustomerPaymentProfile,
  getCustomerPaymentProfile,
  getCustomerProfile,
  securePaymentContainer,
} from './fake-vault.ts';
import { announce } from './fake-webhooks.ts';

/** Authorize.Net's JSON API on loopback, by its schema and documents; accounts have books and a clock. */
export type AuthorizeNetFake = {
  url: string;
  openAccount(change: Partial<FakeAccount> & { now: Date }): FakeAccount;
  stop(): Promise<void>;
};

const methods: Record<string, Method> = {
  authenticateTestRequest: () => ok(),
  createTransactionRequest: createTransaction,
  getTransactionDetailsRequest: getTransactionDetails,
  getUnsettledTransactionListRequest: getUnsettledTransactionList,
  getTransactionListRequest: getTransactionList,
  getSettledBatchListRequest: getSettledBatchList,
  getMerchantDetailsRequest: getMerchantDetails,
  createCustomerProfileRequest: createCustomerProfile,
  createCustomerProfileFromTransactionRequest: createCustomerProfileFromTransaction,
  getCustomerProfileRequest: getCustomerProfile,
  getCustomerPaymentProfileRequest: getCustomerPaymentProfile,
  deleteCustomerPaymentProfileRequest: deleteCustomerPaymentProfile,
  securePaymentContainerRequest: securePaymentContainer,
};

const hostedForm: Record<string, { type: string; text: string }> = {
  '/v3/AcceptUI.js': { type: 'text/javascript; charset=utf-8', text: acceptUiScript },
  '/v3/acceptMain/acceptMain.html': { type: 'text/html; charset=utf-8', text: acceptMainPage },
};

const body_max = 200_000;

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > body_max) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(
      Buffer.concat(chunks)
        .toString('utf8')
        .replace(/^\uFEFF/, ''),
    );
  } catch {
    // Answered as the vendor answers what it cannot read.
    return undefined;
  }
}

/** HTTP 200 whatever happened, and a byte order mark before the JSON. */
function answer(response: ServerResponse, { body }: Reply, refId: string | undefined): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
  response.end(`\uFEFF${JSON.stringify(refId === undefined ? body : { refId, ...body })}`);
}

const events: Record<string, string> = {
  authCaptureTransaction: 'net.authorize.payment.authcapture.created',
  refundTransaction: 'net.authorize.payment.refund.created',
  voidTransaction: 'net.authorize.payment.void.created',
};

type State = { accounts: Map<string, FakeAccount>; slowAnswer_ms: number; stopping: AbortSignal };

function accountOf({ accounts }: State, root: string, fields: Fields): FakeAccount | undefined {
  const given = part(fields, 'merchantAuthentication');
  const account = accounts.get(textOf(given, 'name'));
  // The hosted form has the public key and may do nothing else with it.
  const isGood =
    root === 'securePaymentContainerRequest'
      ? given.clientKey === account?.clientKey
      : given.transactionKey === account?.transactionKey;
  return isGood ? account : undefined;
}

const beforeOrAfter = ['dropBeforeCommit', 'dropAfterCommit', 'unavailableOnce', 'rateLimitedOnce'] as const;

/** A request that the schema lets through, from an account that is known. */
async function work(
  state: State,
  { root, ...call }: Call & { root: string },
  response: ServerResponse,
): Promise<unknown> {
  const { account, fields, refId } = call;
  const isEffect = root === 'createTransactionRequest';
  const trouble = isEffect ? takeFault(account, beforeOrAfter) : undefined;
  if (trouble === 'unavailableOnce') return response.writeHead(503).end('Service Unavailable');
  if (trouble === 'rateLimitedOnce') return response.writeHead(429, { 'retry-after': '0' }).end();
  if (trouble === 'dropBeforeCommit') return response.destroy();
  const reply = methods[root]?.(call) ?? refused('E00001', 'An error occurred during processing.');
  const row = isEffect ? rowOf(account, reply) : undefined;
  const eventType = events[textOf(part(fields, 'transactionRequest'), 'transactionType')];
  if (row && eventType) void announce(account, row, { eventType, stopping: state.stopping });
  if (trouble === 'dropAfterCommit' || reply.fate === 'drop') return response.destroy();
  if (reply.fate === 'fail') return response.writeHead(500).end('Internal Server Error');
  if (reply.fate === 'slow') await sleep(state.slowAnswer_ms, undefined, { ref: false });
  return answer(response, reply, refId);
}

async function serve(state: State, request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  const served = request.method === 'GET' && hostedForm[request.url ?? ''];
  if (served) return response.writeHead(200, { 'content-type': served.type }).end(served.text);
  if (request.method !== 'POST' || request.url !== '/xml/v1/request.api')
    return response.writeHead(404).end();
  const json = await readJson(request);
  const [root, given] = Object.entries((json ?? {}) as Fields)[0] ?? ['', {}];
  const noRoot = refused('E00045', 'The root node does not reference a valid XML namespace.');
  if (!isKnownRequest(root)) return answer(response, noRoot, undefined);
  const fault = schemaFault(root, given);
  if (fault) return answer(response, refused('E00003', fault), undefined);
  const fields = given as Fields;
  const refId = fields.refId === undefined ? undefined : textOf(fields, 'refId');
  const account = accountOf(state, root, fields);
  const unknown = refused('E00007', 'User authentication failed due to invalid authentication values.');
  if (!account) return answer(response, unknown, refId);
  return work(state, { root, account, fields, refId }, response);
}

export async function startAuthorizeNetFake({ slowAnswer_ms = 500 } = {}): Promise<AuthorizeNetFake> {
  const accounts = new Map<string, FakeAccount>();
  const stopping = new AbortController();
  const state = { accounts, slowAnswer_ms, stopping: stopping.signal };
  const server = createServer((request, response) => void serve(state, request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    openAccount(change) {
      const account = newAccount(change);
      accounts.set(account.apiLoginId, account);
      return account;
    },
    async stop() {
      stopping.abort();
      server.close();
      server.closeAllConnections();
    },
  };
}
