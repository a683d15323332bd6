import { readFile, stat } from 'node:fs/promises';
import { exitCodes, SallyportError } from '../src/model/errors.ts';

/** The run of a workflow that this step is part of. */
export interface Run {
  readonly apiUrl: string;
  /** Where people look at the repository. */
  readonly url: string;
  readonly owner: string;
  readonly name: string;
  readonly repositoryId: number;
  readonly workspace: string;
  readonly eventName: string;
  readonly eventPath: string;
  readonly actor: { readonly id: number; readonly login: string };
  /** Who started this attempt; another one than `actor` where somebody else ran it again. */
  readonly startedBy: string;
  readonly sha: string;
  /** Names this step of this attempt, and no other. */
  readonly place: string;
}

const id = /^\d{1,15}$/u;
const url = /^https?:\/\/[^\s/]+/u;
const text = /^./u;

export function readRun(env: NodeJS.ProcessEnv): Run {
  const wrong: string[] = [];
  const read = (name: string, pattern: RegExp): string => {
    const value = env[`GITHUB_${name}`] ?? '';
    if (!pattern.test(value)) wrong.push(`GITHUB_${name}`);
    return value;
  };
  const repository = read('REPOSITORY', /^[\w.-]+\/[\w.-]+$/u);
  const [owner = '', name = ''] = repository.split('/');
  const actor = { id: Number(read('ACTOR_ID', id)), login: read('ACTOR', text) };
  const { GITHUB_TRIGGERING_ACTOR, GITHUB_JOB = '', GITHUB_ACTION = '' } = env;
  const attempt = `${read('RUN_ID', id)}:${read('RUN_ATTEMPT', id)}`;
  const run: Run = {
    apiUrl: read('API_URL', url),
    url: `${read('SERVER_URL', url)}/${repository}`,
    owner,
    name,
    repositoryId: Number(read('REPOSITORY_ID', id)),
    workspace: read('WORKSPACE', text),
    eventName: read('EVENT_NAME', text),
    eventPath: read('EVENT_PATH', text),
    actor,
    startedBy: GITHUB_TRIGGERING_ACTOR || actor.login,
    sha: read('SHA', text),
    place: `${attempt}:${GITHUB_JOB.slice(0, 100)}:${GITHUB_ACTION.slice(0, 100)}`,
  };
  if (wrong.length === 0) return run;
  throw new SallyportError({
    code: 'not_a_runner',
    message: `A runner of GitHub Actions sets ${wrong.join(', ')}; here it is missing or odd.`,
    hint: 'Outside of a workflow use the program: sallyport --help',
    exit: exitCodes.usage,
  });
}

/** A webhook is at most this long. */
const maxEventBytes = 25 * 1024 * 1024;

/** The event that started the run, as GitHub sent it but without `installation`. */
export async function readEvent({ eventPath }: Run): Promise<unknown> {
  try {
    const { size } = await stat(eventPath);
    if (size > maxEventBytes) throw new Error(`it has ${size} bytes`);
    return JSON.parse(await readFile(eventPath, 'utf8')) as unknown;
  } catch (cause) {
    throw new SallyportError({
      code: 'event_unreadable',
      message: `The event of the run cannot be read: ${eventPath}`,
      hint: 'Run the workflow again.',
      cause,
    });
  }
}
