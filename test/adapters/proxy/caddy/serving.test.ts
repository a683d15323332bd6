import { describe } from 'vitest';
import { proxyServingContract } from '../../../contract/proxy-serving.ts';
import { hasCaddy } from '../../../support/caddy.ts';
import { openCaddy } from './open-caddy.ts';

describe.skipIf(!hasCaddy())('caddy', () => {
  proxyServingContract('caddy', openCaddy, { duplex: false });
});
