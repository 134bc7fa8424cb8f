import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fields, type Method, ok, part, type Reply, refused, textOf } from './fake-answers.ts';
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

/** Authorize.Net's JSON API on loopback, by its schema and its own documents; accounts, books and clock included. */
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

export async function startAuthorizeNetFake({ slowAnswer_ms = 500 } = {}): Promise<AuthorizeNetFake> {
  const accounts = new Map<string, FakeAccount>();
  const stopping = new AbortController();

  function accountOf(root: string, fields: Fields): FakeAccount | undefined {
    const given = part(fields, 'merchantAuthentication');
    const account = accounts.get(textOf(given, 'name'));
    // The hosted form has the public key and may do nothing else with it.
    const isGood =
      root === 'securePaymentContainerRequest'
        ? given.clientKey === account?.clientKey
        : given.transactionKey === account?.transactionKey;
    return isGood ? account : undefined;
  }

  function effectOf(account: FakeAccount, root: string, fields: Fields): { isEffect: boolean; type: string } {
    const type = textOf(part(fields, 'transactionRequest'), 'transactionType');
    return { isEffect: root === 'createTransactionRequest' && accounts.has(account.apiLoginId), type };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const served = request.method === 'GET' && hostedForm[request.url ?? ''];
    if (served) return response.writeHead(200, { 'content-type': served.type }).end(served.text);
    if (request.method !== 'POST' || request.url !== '/xml/v1/request.api')
      return response.writeHead(404).end();
    const json = await readJson(request);
    const [root, fields] = Object.entries((json ?? {}) as Fields)[0] ?? ['', {}];
    if (!isKnownRequest(root))
      return answer(
        response,
        refused('E00045', 'The root node does not reference a valid XML namespace.'),
        undefined,
      );
    const fault = schemaFault(root, fields);
    if (fault) return answer(response, refused('E00003', fault), undefined);
    const given = fields as Fields;
    const refId = given.refId === undefined ? undefined : textOf(given, 'refId');
    const account = accountOf(root, given);
    if (!account)
      return answer(
        response,
        refused('E00007', 'User authentication failed due to invalid authentication values.'),
        refId,
      );
    const { isEffect, type } = effectOf(account, root, given);
    const trouble = isEffect
      ? takeFault(account, ['dropBeforeCommit', 'dropAfterCommit', 'unavailableOnce', 'rateLimitedOnce'])
      : undefined;
    if (trouble === 'unavailableOnce') return response.writeHead(503).end('Service Unavailable');
    if (trouble === 'rateLimitedOnce') return response.writeHead(429, { 'retry-after': '0' }).end();
    if (trouble === 'dropBeforeCommit') return request.socket.destroy();
    const reply =
      methods[root]?.({ account, fields: given, refId }) ?? refused('E00001', 'An error occurred.');
    const row = isEffect ? rowOf(account, reply) : undefined;
    if (row && events[type])
      void announce(account, row, { eventType: events[type], stopping: stopping.signal });
    if (trouble === 'dropAfterCommit' || reply.fate === 'drop') return request.socket.destroy();
    if (reply.fate === 'fail') return response.writeHead(500).end('Internal Server Error');
    if (reply.fate === 'slow') await sleep(slowAnswer_ms, undefined, { ref: false });
    return answer(response, reply, refId);
  }

  const server = createServer((request, response) => void serve(request, response));
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
