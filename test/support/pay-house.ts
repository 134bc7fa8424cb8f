import type { AddressInfo } from 'node:net';
import { makeParts } from '#compose.ts';
import { makeApp } from '#compose-app.ts';
import { makeJobs } from '#compose-jobs.ts';
import { readConfig } from '#config.ts';
import { authorizeNetVendor } from '#connectors/gateways/authorize-net/authorize-net-vendor.ts';
import { type PaypalFake, startPaypalFake } from '#connectors/gateways/paypal/fake/paypal-fake.ts';
import { paypalVendor } from '#connectors/gateways/paypal/paypal-vendor.ts';
import { startSandboxGateway } from '#connectors/gateways/sandbox/sandbox-server.ts';
import { sandboxVendor } from '#connectors/gateways/sandbox/sandbox-vendor.ts';
import { stripeVendor } from '#connectors/gateways/stripe/stripe-vendor.ts';
import { connectGateway } from '#features/gateway-accounts/connect-gateway.ts';
import { payLink } from '#features/invoices/pay-link.ts';
import { type Credentials, makeGateways } from '#features/payments/gateways.ts';
import type { ChargeKind } from '#features/payments/payment-gateway.ts';
import { type Jobs, startWorker } from '#jobs/worker.ts';
import { newId } from '#lib/ids.ts';
import { testDatabase } from './database.ts';
import { type Books, secrets } from './given.ts';
import { testLog } from './logs.ts';

/** Owed behind a port with its worker, the sandbox gateway and a PayPal that stands in for the real one. */
export type PayHouse = {
  origin: string;
  sandboxUrl: string;
  paypal: PaypalFake;
  jobs: Jobs;
  connect(
    books: Books,
    vendor: string,
    credentials: Credentials,
    takes: readonly ChargeKind[],
  ): Promise<void>;
  /** The address that an invoice's mail carries. */
  linkTo(books: Books, invoiceId: string): string;
  stop(): Promise<void>;
};

export async function openPayHouse(): Promise<PayHouse> {
  const { db } = await testDatabase();
  const sandbox = await startSandboxGateway({ port: 0, slowAnswer_ms: 300 });
  const paypal = await startPaypalFake({ now: new Date() });
  const config = readConfig({
    PORT: '0',
    OWED_BASE_URL: 'http://owed.test',
    OWED_SANDBOX_GATEWAY_URL: sandbox.url,
  });
  const made = makeParts({ db, secrets, config, sandboxUrl: sandbox.url });
  const vendors = [
    stripeVendor(),
    authorizeNetVendor(),
    paypalVendor({ url: paypal.url }),
    sandboxVendor({ url: sandbox.url, publicUrl: sandbox.url }),
  ];
  const parts = { ...made, gateways: makeGateways(vendors, secrets) };
  const jobs = makeJobs(parts);
  const problems: unknown[] = [];
  const worker = await startWorker({
    pool: db.pool,
    jobs,
    schedule: [],
    concurrency: 4,
    onError: (_job, error) => problems.push(error),
  });
  const app = await makeApp(parts, testLog('pay-house'));
  await app.fastify.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.fastify.server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    sandboxUrl: sandbox.url,
    paypal,
    jobs,
    linkTo: ({ organizationId }, invoiceId) =>
      payLink(secrets, origin, { id: invoiceId, organizationId, linkVersion: 0 }),
    async connect(books, vendor, credentials, takes) {
      const { organizationId, actor, now } = books;
      const account = {
        organizationId,
        vendor,
        name: vendor,
        takes,
        vendorAccount: newId('request'),
        credentials: secrets.encrypt(JSON.stringify(credentials)),
        publishableKey: parts.gateways.vendorOf(vendor).publishableKey(credentials),
      };
      await books.tx((tx) => connectGateway(tx, actor, account, now));
    },
    async stop() {
      await worker.stop();
      await app.fastify.close();
      await Promise.all([sandbox.stop(), paypal.stop()]);
      if (problems.length > 0) throw problems[0];
    },
  };
}
