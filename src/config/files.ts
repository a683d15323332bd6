import { z } from 'zod';
import { HttpRequest } from './check-request.ts';
import { durationBetween } from './duration.ts';
import { section } from './later.ts';
import { placed } from './placed.ts';
import { AbsolutePath, Argv, Name, Patterns, RelativePath } from './words.ts';

/** `type`, `fields[2].type`, `fields[*].type`, `fields[-]`. */
const FieldPath = /^[^\s[\].]+(?:\[(?:\d+|\*|-)\])*(?:\.[^\s[\].]+(?:\[(?:\d+|\*|-)\])*)*$/;

const fileRule = 'a pattern of paths below the destination, such as cache/**';
const FilePattern = z
  .string({ error: fileRule })
  .min(1)
  .max(255)
  .refine(isPlain, { error: 'must stay below the destination' });

const Resource = section({
  match: Patterns.describe('Files, relative to the destination: `layers/*.yaml`.'),
  type: Name.describe('What a plan calls them: Layer.'),
  key: z.string().min(1).max(255).default('name').describe('The field that names a resource.'),
  breaking: z
    .array(
      z.string().max(255).regex(FieldPath, { error: 'removed, or a path such as fields[2].type' }),
    )
    .default([])
    .describe(
      '`removed`; the path of a field whose change breaks its users (`type`), or of something in which nothing may go (`fields[-]`). Where there is any, a type that gets narrower breaks too.',
    ),
}).describe('How a file is read as resources, so that a plan speaks of them and not of lines.');

const signalNames = ['SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH', 'SIGINT', 'SIGTERM'] as const;

const Reload = z.union(
  [
    section({ http: HttpRequest }),
    section({
      signal: section({
        unit: Name.describe('The target of the kind `service` whose program gets it.'),
        name: z.enum(signalNames).default('SIGHUP'),
      }),
    }),
    section({
      command: Argv.describe('Must end with 0; runs in the new directory.'),
      timeout: durationBetween('10ms', '1h').prefault('1m'),
    }),
  ],
  { error: 'one of http, signal and command' },
);

const Verify = z.union(
  [
    section({
      http: HttpRequest,
      deadline: durationBetween('0s', '1h')
        .prefault('30s')
        .describe('How long it may take to answer so.'),
    }),
    section({ command: Argv, timeout: durationBetween('10ms', '1h').prefault('1m') }),
  ],
  { error: 'one of http and command' },
);

/** A directory on a host, swapped atomically, then a reload without restart. Durations are milliseconds once parsed. */
export const FilesConfig = section({
  kind: z.literal('files'),
  source: RelativePath.describe('Folder in the repository; `{environment}` is replaced.'),
  common: RelativePath.optional().describe("Laid under the environment's own files."),
  destination: AbsolutePath.refine(staysBelow, { error: 'may not hold `..`' }).describe(
    'Where it goes; a symbolic link that Sallyport switches. `{environment}` is replaced.',
  ),
  keep: z
    .array(FilePattern)
    .default([])
    .describe('What the program writes there: it survives every switch.'),
  prune: z.boolean().default(true).describe('`false`: what Git does not know stays.'),
  max_bytes: z
    .int()
    .min(1)
    .default(64 * 1024 * 1024)
    .describe('A larger file is refused.'),
  resources: z
    .array(Resource)
    .default([])
    .describe('Files that a plan reads as resources rather than as lines.'),
  reload: Reload.optional().describe('Makes the program read its files again.'),
  verify: Verify.optional().describe('Must hold afterwards, and at every reconcile.'),
  backups: z.int().min(1).max(1000).default(5).describe('Earlier directories kept on the disk.'),
  ...placed,
}).describe('A directory on a host, swapped atomically, then a reload without restart.');
export type FilesConfig = z.output<typeof FilesConfig>;

/** Names and stars, with one slash between them; one at the end means: all that is in it. */
function isPlain(pattern: string): boolean {
  const parts = pattern.replace(/\/$/, '').split('/');
  return staysBelow(pattern) && parts.every((part) => part !== '' && part !== '.');
}

function staysBelow(path: string): boolean {
  return !path.includes('\0') && !path.split('/').includes('..');
}
