import { describe } from 'vitest';
import { proxyContract } from '../../../contract/proxy.ts';
import { hasNginx } from '../../../support/nginx.ts';
import { openNginx } from './open-nginx.ts';

describe.skipIf(!hasNginx())('nginx', () => {
  proxyContract('nginx', async () => await openNginx('socket'));
});
