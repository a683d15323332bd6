import { z } from 'zod';
import { section } from './later.ts';
import { AbsolutePath, Argv } from './words.ts';

const folder = (path: string, what: string) => AbsolutePath.default(path).describe(what);
const argv = (words: [string, ...string[]], what: string) => Argv.default(words).describe(what);

const Nginx = section({
  folder: folder('/etc/nginx/conf.d', 'Where our file goes; nginx includes it.'),
  check: argv(['nginx', '-t'], 'Checks the whole configuration.'),
  reload: argv(['systemctl', 'reload', 'nginx'], 'Makes it read its configuration again.'),
}).describe('nginx on this host.');

const Haproxy = section({
  socket: folder('/run/haproxy/admin.sock', 'Its stats socket, `level admin`.'),
  folder: folder(
    '/etc/haproxy/sallyport',
    'Where our file goes; haproxy is started with `-f` of it.',
  ),
  check: argv(
    ['haproxy', '-c', '-f', '/etc/haproxy/haproxy.cfg', '-f', '/etc/haproxy/sallyport'],
    'Checks the whole configuration.',
  ),
  reload: argv(['systemctl', 'reload', 'haproxy'], 'Makes it read its configuration again.'),
}).describe('HAProxy on this host.');

const Caddy = section({
  admin: z
    .url({ protocol: /^http$/, error: 'an address such as http://127.0.0.1:2019' })
    .default('http://127.0.0.1:2019')
    .describe('Its admin API.'),
}).describe('Caddy on this host.');

const Builtin = section({
  metrics: z
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .describe('A port of 127.0.0.1 where Prometheus finds its counters at /metrics.'),
  access_log: z.boolean().default(true).describe('One line a request, in the state folder.'),
}).describe('The embedded proxy.');

/** The proxies of a host, as far as they are not what Debian makes of them. */
export const Proxies = section({
  nginx: Nginx.prefault({}),
  haproxy: Haproxy.prefault({}),
  caddy: Caddy.prefault({}),
  builtin: Builtin.prefault({}),
}).describe('What a driver must know of the proxies on this host.');
export type Proxies = z.output<typeof Proxies>;
