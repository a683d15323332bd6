import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { systemClock } from '../adapters/clock/system.ts';
import { GithubClient } from '../adapters/github-http/client.ts';
import { openJournal } from '../adapters/journal/file/open-journal.ts';
import { openGithubLedger } from '../adapters/ledger/github/open-ledger.ts';
import { startAgent, type RunningAgent } from '../agent/agent.ts';
import { serveControl, socketPath } from '../agent/control.ts';
import type { AgentListener } from '../agent/events.ts';
import { readHostKey } from '../agent/host-key.ts';
import { unitLogger } from '../agent/unit-log.ts';
import { verifyUnit } from '../agent/verify.ts';
import { originsOf, type AgentConfig } from '../config/agent.ts';
import type { Trust } from '../deploy/admit.ts';
import type { JournalBody } from '../deploy/journal-entries.ts';
import { SallyportError, exitCodes } from '../model/errors.ts';
import type { Job } from '../model/job.ts';
import { parsePublicKey } from '../model/keys.ts';
import type { Git } from '../ports/git.ts';
import type { Log } from '../ports/log.ts';
import { createMakeTarget, type TargetSettings } from './agent-targets.ts';
import { sharedOnce } from './shared-once.ts';

export interface AgentOptions extends Pick<TargetSettings, 'proxyEntry' | 'proxyHost'> {
  readonly config: AgentConfig;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** Told of everything that happens, as it happens. */
  readonly listeners?: readonly AgentListener[];
}

export interface OpenAgent extends RunningAgent {
  /** Where it answers people on this host. */
  readonly socket: string;
}

/** Starts an agent on the real world: GitHub, Git, this host's disk and programs. */
export async function openAgent(options: AgentOptions): Promise<OpenAgent> {
  const { config, env, log } = options;
  const { state, source, name, environments, allow } = config;
  const clock = systemClock;
  const key = await readHostKey(state);
  const token = await tokenReader(config, env);
  const api = { apiUrl: apiUrlOf(source.url), token };
  const journal = await openJournal<JournalBody>(join(state, 'journal', 'agent'), { clock });
  const git = sharedOnce(() => openCache(config, token));
  const logFailed = (error: unknown): void =>
    log.warn('the log of a deployment cannot be written', { message: String(error) });

  const agent = startAgent({
    rules: { name, environments, ...allow, origins: originsOf(config) },
    key,
    ledger: openGithubLedger({ ...api, repository: source.github!, clock }),
    trust: (signal) => readTrust(config, new GithubClient(api), signal),
    verify: async (job, unit, signal) => verifyUnit(job, unit, signal, await git()),
    journal,
    clock,
    log,
    makeTarget: createMakeTarget({ ...options, clock, git }),
    linkOf: linksTo(config),
    pollMs: config.poll,
    listeners: [unitLogger(state, clock, logFailed), ...(options.listeners ?? [])],
  });
  const close = async (): Promise<void> => {
    await control?.close();
    await journal.close();
  };
  let control: Awaited<ReturnType<typeof serveControl>> | null = null;
  try {
    control = await serveControl({ view: agent.view, wake: agent.wake, state, clock });
  } catch (error) {
    await agent.stop();
    await close();
    throw error;
  }
  return {
    view: agent.view,
    wake: agent.wake,
    socket: socketPath(state),
    stop: () => agent.stop().then(close),
    abort: () => agent.abort().then(close),
  };
}

/** Whose jobs count here: the keys of agent.yml, for the repository as GitHub numbers it now. */
async function readTrust(
  { source, trust }: AgentConfig,
  client: GithubClient,
  signal?: AbortSignal,
): Promise<Trust> {
  const { json } = await client.get(`repos/${source.github}`, undefined, signal);
  const { id } = Repository.parse(json);
  return {
    repository: id,
    app: (trust?.keys ?? []).map(({ key, environments }) => ({
      key: parsePublicKey(key),
      environments,
    })),
  };
}

const Repository = z.object({ id: z.int() });

/** Reads the token each time that it is needed, so that it may be replaced while the agent runs. */
async function tokenReader(
  { source }: AgentConfig,
  env: AgentOptions['env'],
): Promise<() => Promise<string>> {
  const file = source.credentials?.token_file;
  const given = env['SALLYPORT_GITHUB_TOKEN'];
  const read = async (): Promise<string> => {
    const text = file === undefined ? given : await readFile(file, 'utf8').catch(() => '');
    const token = (text ?? '').trim();
    if (token === '') throw tokenMissing(file);
    return token;
  };
  await read();
  return read;
}

/** While the agent runs, its file may be away for the moment in which it is replaced. */
function tokenMissing(file: string | undefined): SallyportError {
  return new SallyportError({
    code: 'token_missing',
    message:
      file === undefined
        ? 'The agent has no token for GitHub.'
        : `The token for GitHub cannot be read from ${file}.`,
    hint: 'Set SALLYPORT_GITHUB_TOKEN, or source.credentials.token_file in agent.yml.',
    next: 'retry',
    exit: exitCodes.usage,
  });
}

async function openCache(
  { state, source }: AgentConfig,
  token: () => Promise<string>,
): Promise<Git> {
  const { openGit } = await import('../adapters/git/open-git.ts');
  const dir = join(state, 'repos', `${source.github}.git`);
  return await openGit({ dir, url: `${source.url}/${source.github}.git`, credentials: token });
}

function apiUrlOf(url: string): string {
  return url === 'https://github.com' ? 'https://api.github.com' : `${url}/api/v3`;
}

function linksTo({ source }: AgentConfig) {
  const base = `${source.url}/${source.github}`;
  return ({ reply, sha }: Job): string =>
    reply ? `${base}/issues/${reply.issue}#issuecomment-${reply.comment}` : `${base}/commit/${sha}`;
}
