import { z } from 'zod';
import { durationBetween } from './duration.ts';
import { section } from './later.ts';
import { placed } from './placed.ts';
import { Size } from './size.ts';
import { Canary, Liveness, Preview, Watch } from './traffic.ts';
import { Limits, ProxySection } from './hosting.ts';
import { AbsolutePath, Argv, Port, RelativePath, UrlPath } from './words.ts';

const envRule = 'the name of an environment variable';
const EnvName = z
  .string({ error: envRule })
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/)
  .refine((name) => name !== 'PORT' && !name.startsWith('SALLYPORT_'), {
    error: 'is set by Sallyport itself',
  });

const textRule = 'a string, a number, true or false';
const EnvValue = z.codec(z.union([z.string(), z.number(), z.boolean()], textRule), z.string(), {
  decode: String,
  encode: (text) => text,
});

export const Env = section({
  clear: z
    .record(EnvName, EnvValue)
    .default({})
    .describe('Variables that anyone who reads the repository may know.'),
  secret: z
    .array(EnvName)
    .default([])
    .describe('Names of variables whose values come from the host (`env_root`).'),
}).describe('The environment of `build`, `test`, `run` and `smoke`.');

const Ports = section({
  blue: Port,
  green: Port,
  canary: Port.optional(),
})
  .refine(areDistinct, { error: 'the ports of two slots must differ' })
  .describe('The port that the program listens on in each slot.');

const Health = section({
  path: UrlPath.default('/').describe('Asked with GET on the slot.'),
  status: z.int().min(100).max(599).default(200).describe('The status that means healthy.'),
  interval: durationBetween('10ms', '10m').prefault('1s').describe('Between two probes.'),
  timeout: durationBetween('10ms', '10m').prefault('2s').describe('For one probe.'),
  rise: z.int().min(1).max(100).default(2).describe('Good probes in a row that make it healthy.'),
  fall: z.int().min(1).max(100).default(3).describe('Bad probes in a row that make it unhealthy.'),
  deadline: durationBetween('10ms', '1d')
    .prefault('60s')
    .describe('A new slot that is not healthy by then has failed.'),
  version: section({
    path: UrlPath.describe('Asked with GET on the slot.'),
    equals: z
      .string()
      .min(1)
      .default('{version}')
      .describe('What the answer must be, without white space around it.'),
  })
    .optional()
    .describe('Refuses a slot that answers as another release.'),
}).describe('When a slot may have traffic.');

/** A program that runs in blue/green slots behind a proxy. Durations are milliseconds once parsed. */
export const ServiceConfig = section({
  kind: z.literal('service'),
  path: RelativePath.default('.').describe('Working directory inside the repository.'),
  build: Argv.optional().describe('Makes the release, in the release directory.'),
  test: Argv.optional().describe('Must succeed before the program is started.'),
  run: Argv.describe('The program. It listens on the port in PORT.'),
  env: Env.prefault({}),
  ports: Ports,
  health: Health.prefault({}),
  smoke: Argv.optional().describe(
    'Must succeed before traffic moves; gets the address of the new slot in SALLYPORT_URL.',
  ),
  promotion: z
    .enum(['auto', 'manual'])
    .default('auto')
    .describe(
      '`auto`: traffic moves as soon as the new slot is healthy; `manual`: a person moves it, with `/switch`.',
    ),
  canary: Canary.optional(),
  preview: Preview.optional(),
  watch: Watch.prefault({}),
  liveness: Liveness.prefault({}),
  drain: durationBetween('0s', '1d')
    .prefault('30s')
    .describe('How long requests of the old slot may take to finish; it then stays warm.'),
  keep: z.int().min(2).max(1000).default(5).describe('Releases kept on the disk.'),
  keep_size: Size.optional().describe(
    'What the kept releases may take of the disk together; older ones go first. Absent: any.',
  ),
  share: z
    .array(RelativePath)
    .max(20)
    .default([])
    .describe(
      'Folders that a build fills, such as node_modules: a new release begins with those of the last one, by reflink where the file system can, else as copies.',
    ),
  init: z
    .enum(['systemd', 'systemd-user', 'process'])
    .default('process')
    .describe('What starts and stops the program.'),
  socket: z
    .boolean()
    .default(false)
    .describe('The program listens on the Unix socket in SALLYPORT_SOCKET, not on a port.'),
  notify: z
    .boolean()
    .default(false)
    .describe('The program tells systemd that it is ready (`Type=notify`).'),
  limits: Limits.prefault({}),
  sandbox: z
    .boolean()
    .default(true)
    .describe('With systemd: it may write to its own folders only, and gains no privileges.'),
  writable: z
    .array(AbsolutePath)
    .max(50)
    .default([])
    .describe('With `sandbox`: folders that it may write to all the same.'),
  proxy: ProxySection,
  ...placed,
}).describe('A program that runs in blue/green slots behind a proxy.');
export type ServiceConfig = z.output<typeof ServiceConfig>;

function areDistinct(ports: Readonly<Record<string, number | undefined>>): boolean {
  const taken = Object.values(ports).filter((port) => port !== undefined);
  return new Set(taken).size === taken.length;
}
