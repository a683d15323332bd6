import { describe } from 'vitest';
import { proxyServingContract } from '../../../contract/proxy-serving.ts';
import { hasHaproxy } from '../../../support/haproxy.ts';
import { openHaproxy } from './open-haproxy.ts';

describe.skipIf(!hasHaproxy())('haproxy', () => {
  proxyServingContract('haproxy', openHaproxy, { duplex: true });
});
