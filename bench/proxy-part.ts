import type { AddressInfo } from 'node:net';
import { parts } from './support/proxies.ts';

// One server of `bench/proxy.ts`, in a process of its own: `node bench/proxy-part.ts NAME UPSTREAM_PORT`.
const [name = '', upstream = '0'] = process.argv.slice(2);
const server = parts[name]!(Number(upstream));
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
