import { after } from 'node:test';
import { gatewayConformance } from '../conformance.ts';
import { startAuthorizeNetFake } from './authorize-net-fake.ts';
import { authorizeNetLab } from './authorize-net-lab.ts';

const fake = await startAuthorizeNetFake({ slowAnswer_ms: 500 });
after(() => fake.stop());

gatewayConformance('Authorize.Net', async () => authorizeNetLab(fake, 150));
