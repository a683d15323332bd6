import { parseArgs } from 'node:util';
import { runProxy } from '../adapters/proxy/builtin/run-proxy.ts';

// The process of the embedded proxy. Agents start it; `sallyport proxy` is the same in the bundle.
const { values } = parseArgs({ options: { state: { type: 'string' } } });
if (values.state === undefined) throw new Error('usage: proxy --state DIR');
await runProxy(values.state);
process.exit(0);
