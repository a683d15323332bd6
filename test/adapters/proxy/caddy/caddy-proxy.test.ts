import { describe } from 'vitest';
import { proxyContract } from '../../../contract/proxy.ts';
import { hasCaddy } from '../../../support/caddy.ts';
import { openCaddy } from './open-caddy.ts';

describe.skipIf(!hasCaddy())('caddy', () => {
  proxyContract('caddy', openCaddy);
});
