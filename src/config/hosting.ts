import { z } from 'zod';
import { section } from './later.ts';
import { Size } from './size.ts';
import { AbsolutePath } from './words.ts';

export const Limits = section({
  memory: Size.optional().describe('The program is ended above that.'),
  cpu: z.number().min(0.01).max(1024).optional().describe('In processors: 1.5.'),
  tasks: z.int().min(1).max(1_000_000).optional().describe('Processes and threads.'),
  files: z.int().min(16).max(10_000_000).optional().describe('Open files.'),
}).describe('With systemd: what the program may take.');

const Tls = section({
  certificate: AbsolutePath.describe('PEM, with the chain; read again when it changes.'),
  key: AbsolutePath.describe('PEM, readable by the proxy.'),
}).describe('Files on the host; absent: plain HTTP.');

const ServerName = z
  .string({ error: 'a name such as shop.example.org' })
  .regex(/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/);

export const ProxySection = section({
  driver: z.enum(['builtin', 'nginx', 'haproxy', 'caddy']).default('builtin'),
  listen: z
    .int({ error: 'a port from 0 to 65535' })
    .min(0)
    .max(65_535)
    .describe('The port that people talk to; 0 takes a free one and keeps it.'),
  tls: Tls.optional(),
  server_names: z
    .array(ServerName)
    .max(100)
    .default([])
    .describe('Several services may share a port of nginx or Caddy by these; empty: all names.'),
  mode: z
    .enum(['socket', 'reload'])
    .default('socket')
    .describe(
      'With nginx: `socket` renames a symbolic link and loses nothing; `reload` rewrites the upstream, and may reset kept connections.',
    ),
}).describe('What stands before the slots and moves traffic between them.');
