import { describe } from 'vitest';
import { proxyContract } from '../../../contract/proxy.ts';
import { hasHaproxy } from '../../../support/haproxy.ts';
import { openHaproxy } from './open-haproxy.ts';

describe.skipIf(!hasHaproxy())('haproxy', () => {
  proxyContract('haproxy', openHaproxy);
});
