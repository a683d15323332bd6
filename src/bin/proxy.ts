import { parseArgs } from 'node:util';
import { version } from '../cli/version.ts';
import { runProxy } from '../adapters/proxy/builtin/run-proxy.ts';

// The process of the embedded proxy. Agents start it; `sallyport proxy` is the same in the bundle.
const { values } = parseArgs({
  options: { state: { type: 'string' }, heir: { type: 'boolean' } },
});
if (values.state === undefined) throw new Error('usage: proxy --state DIR');
await runProxy(values.state, version, values.heir);
process.exit(0);
