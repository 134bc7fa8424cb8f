import { after } from 'node:test';
import { gatewayConformance } from '../conformance.ts';
import { startStripeFake } from './fake/stripe-fake.ts';
import { startReceiver } from './receiver.ts';
import { stripeLab } from './stripe-lab.ts';

const fake = await startStripeFake();
const receiver = await startReceiver();
after(async () => {
  await fake.stop();
  receiver.stop();
});

gatewayConformance('Stripe', () => stripeLab(fake, receiver));
