import { z } from 'zod';
import { durationBetween } from './duration.ts';
import { kinds } from './environment.ts';
import { section } from './later.ts';
import { Proxies } from './proxies.ts';
import { Size } from './size.ts';
import { AbsolutePath, KeyText, Name } from './words.ts';

const EnvironmentNames = z.array(Name).min(1, { error: 'at least one environment' });

const Source = section({
  git: z
    .string({ error: 'the address of a Git repository' })
    .min(1)
    .max(2048)
    .optional()
    .describe('Any Git remote, over HTTPS or SSH.'),
  branch: z
    .string()
    .min(1)
    .max(255)
    .default('main')
    .describe('Of a `git` source: policy and head.'),
  directory: AbsolutePath.optional().describe('A folder on this machine, for local work.'),
  github: z
    .string({ error: 'a repository such as acme/shop' })
    .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/)
    .optional()
    .describe('The repository: owner/name.'),
  url: z
    .url({ protocol: /^https?$/, error: 'an address such as https://github.example.org' })
    .refine((url) => !/[?#@]|\/$/.test(url), {
      error: 'must have no user, query, fragment or final slash',
    })
    .default('https://github.com')
    .describe('Another GitHub than github.com.'),
  credentials: section({
    token_file: AbsolutePath.optional().describe(
      'A file, readable by the agent only, with a token.',
    ),
    ssh_key: AbsolutePath.optional().describe('A private key for a `git` source over SSH.'),
    known_hosts: AbsolutePath.optional().describe('The keys of its SSH servers.'),
  })
    .optional()
    .describe('Absent: SALLYPORT_GITHUB_TOKEN.'),
})
  .refine(isOneSource, { error: 'needs exactly one of github, git and directory' })
  .describe('Where jobs and commits come from.');

const Allow = section(
  {
    origins: z
      .array(z.enum(['app', 'git', 'operator']))
      .min(1)
      .optional()
      .describe(
        'Whose word starts a deployment: `app` (signed jobs), `git` (what is pushed), `operator` (people on this host). Absent: app where there is GitHub, else git and operator.',
      ),
    kinds: z
      .array(z.enum(kinds))
      .default([...kinds])
      .describe('Kinds of target.'),
    paths: z
      .array(AbsolutePath)
      .default([])
      .describe('Folders outside its own state that targets may write to.'),
  },
  ['run_as'],
).describe("The host's own word; it is final.");

const TrustedKey = section({
  id: Name.describe('What people call the key.'),
  key: KeyText.describe('As `sallyport app keygen` prints it.'),
  environments: EnvironmentNames.describe('The environments that it may sign jobs for.'),
});

const Trust = section({ keys: z.array(TrustedKey).min(1, { error: 'at least one key' }) }, [
  'signers',
]).describe('Whose jobs this host runs.');

/** `/etc/sallyport/agent.yml`. Durations are milliseconds once parsed. */
export const AgentConfig = section(
  {
    name: Name.describe("The host's name in the repository's `agents`."),
    environments: EnvironmentNames.describe('The environments that this host serves.'),
    source: Source,
    poll: durationBetween('2s', '1h')
      .optional()
      .describe('Between two looks for jobs. Absent: 10s; 30s for `git`, 2s for `directory`.'),
    state: AbsolutePath.default('/var/lib/sallyport').describe('Where the agent keeps its files.'),
    env_root: AbsolutePath.default('/etc/sallyport/env').describe(
      'Where the files with secret variables are.',
    ),
    allow: Allow.prefault({}),
    trust: Trust.optional(),
    notify: z
      .boolean()
      .optional()
      .describe(
        'This host tells what `notify` in the policy names. Absent: only where there is no GitHub; else the App does.',
      ),
    reconcile: durationBetween('10s', '1d')
      .prefault('5m')
      .describe('Between two comparisons of what is there with what was deployed.'),
    liveness: durationBetween('1s', '1h')
      .prefault('5s')
      .describe('Between two looks whether services and their proxies are as they should be.'),
    free: Size.prefault('512M').describe(
      'Free space on the disk of `state` without which nothing new is deployed.',
    ),
    proxies: Proxies.prefault({}),
    upgrade: section({
      keys: z
        .array(KeyText)
        .default([])
        .describe(
          'Whose packages `sallyport agent upgrade` takes, as they print their public key.',
        ),
    })
      .prefault({})
      .describe('Which new versions of Sallyport may come here.'),
  },
  ['app'],
)
  .superRefine(({ source, allow }, context) => {
    const message = whyNobodyStarts(source, allow.origins);
    if (message) context.addIssue({ code: 'custom', path: ['allow', 'origins'], message });
  })
  .describe('Sallyport on a host: /etc/sallyport/agent.yml');
export type AgentConfig = z.output<typeof AgentConfig>;

/** Whose word starts a deployment here. */
export function originsOf({ allow, source }: AgentConfig): readonly ('app' | 'git' | 'operator')[] {
  return allow.origins ?? (source.github === undefined ? ['git', 'operator'] : ['app']);
}

/** Between two looks at the source, in ms. */
export function pollOf({ poll, source }: AgentConfig): number {
  if (poll !== undefined) return poll;
  if (source.directory !== undefined) return 2_000;
  return source.git === undefined ? 10_000 : 30_000;
}

/** An origin from which nothing can come here would be waited for in vain. */
function whyNobodyStarts(
  { github, url }: z.output<typeof Source>,
  origins: z.output<typeof Allow>['origins'],
): string | null {
  if (github !== undefined && origins?.includes('git')) {
    return `cannot have git beside source.github, where the App starts what is pushed; without an App, follow source: { git: "${url}/${github}.git" }`;
  }
  if (github === undefined && origins?.every((origin) => origin === 'app')) {
    return 'needs git or operator: the App signs jobs only where there is source.github';
  }
  return null;
}

function isOneSource(source: {
  readonly github?: string | undefined;
  readonly git?: string | undefined;
  readonly directory?: string | undefined;
}): boolean {
  return (
    [source.github, source.git, source.directory].filter((one) => one !== undefined).length === 1
  );
}
