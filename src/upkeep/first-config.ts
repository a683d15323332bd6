import { isAbsolute } from 'node:path';
import { SallyportError, exitCodes } from '../model/errors.ts';
import type { UnitFacts } from './agent-unit.ts';
import type { Place } from './place.ts';

/** What a person says of a host that has no agent.yml yet. */
export interface FirstWords {
  readonly name: string;
  readonly environments: readonly string[];
  /** `acme/shop`, the address of a Git repository, or a folder. */
  readonly source: string;
  /** Of the App, as `sallyport app keygen` prints it; `null`: to be added. */
  readonly trust: string | null;
}

/** The text of the first agent.yml. Throws `usage` for a source that is none of the three. */
export function firstConfig(
  words: FirstWords,
  place: Place,
  driver: UnitFacts['driver'] | null = null,
): string {
  const { name, environments, trust } = words;
  const lines = [
    '# The agent of this host: docs/reference/configuration.md',
    `name: ${name}`,
    `environments: [${environments.join(', ')}]`,
    ...sourceLines(words.source, place),
    ...(trust === null ? [] : trustLines(trust, environments)),
    `state: ${text(place.state)}`,
    `env_root: ${text(place.envRoot)}`,
    '# Folders outside its own state that targets may write to; then run `sallyport agent install` again.',
    'allow: { paths: [] }',
    ...(driver === 'nginx'
      ? [
          '# Inside http { } of /etc/nginx/nginx.conf: include /etc/nginx/sallyport/*.conf;',
          'proxies: { nginx: { folder: /etc/nginx/sallyport } }',
        ]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

function sourceLines(source: string, place: Place): readonly string[] {
  if (isAbsolute(source)) return [`source: { directory: ${text(source)} }`];
  if (/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}$/.test(source)) {
    return [
      'source:',
      `  github: ${source}`,
      `  credentials: { token_file: ${text(place.token)} }`,
    ];
  }
  if (/^[a-z][a-z+.-]*:\/\/[^/]*@/i.test(source) && /^https?:/i.test(source)) {
    throw usage(
      'An address with a user or a password would stand in agent.yml for all to read.',
      'Leave it out, and name a file with the token in agent.yml: source.credentials.token_file',
    );
  }
  if (/^[a-z][a-z+.-]*:\/\/\S+$|^[^\s/@]+@[^\s/:]+:\S+$/i.test(source)) {
    return [`source: { git: ${text(source)}, branch: main }`];
  }
  throw usage(
    `--source ${source} is no repository.`,
    '--source acme/shop, --source https://git.example.org/shop.git, or --source /srv/shop',
  );
}

function trustLines(key: string, environments: readonly string[]): readonly string[] {
  return [
    'trust:',
    '  keys:',
    `    - { id: app-1, key: ${text(key)}, environments: [${environments.join(', ')}] }`,
  ];
}

/** JSON's strings are YAML's. */
function text(value: string): string {
  return JSON.stringify(value);
}

function usage(message: string, hint: string): SallyportError {
  return new SallyportError({ code: 'usage', message, hint, exit: exitCodes.usage });
}
