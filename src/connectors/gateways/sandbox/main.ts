import { parseArgs } from 'node:util';
import { startSandboxGateway } from './sandbox-server.ts';

/** The sandbox gateway as a process of its own, so that it outlives a server that is killed. */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    data: { type: 'string' },
    'public-url': { type: 'string' },
    parent: { type: 'string', multiple: true },
    'webhook-host': { type: 'string', multiple: true },
    'slow-ms': { type: 'string', default: '5000' },
  },
});
const whole = (name: 'port' | 'slow-ms'): number => {
  if (!/^\d{1,6}$/.test(values[name])) throw new Error(`--${name} is a whole number`);
  return Number(values[name]);
};
const gateway = await startSandboxGateway({
  port: whole('port'),
  host: values.host,
  slowAnswer_ms: whole('slow-ms'),
  ...(values.data !== undefined && { dataDir: values.data }),
  ...(values['public-url'] !== undefined && { publicUrl: values['public-url'] }),
  ...(values.parent && { allowedParents: values.parent }),
  ...(values['webhook-host'] && { webhookHosts: values['webhook-host'] }),
});
process.stdout.write(`${JSON.stringify({ url: gateway.url, port: gateway.port, pid: process.pid })}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void gateway.stop().then(() => process.exit(0));
  });
}
