import { proxyContract } from '../../../contract/proxy.ts';
import { openBuiltin } from './open-builtin.ts';

proxyContract('builtin', async () => openBuiltin());
