import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { openFileLedger } from '../adapters/ledger/file/open-ledger.ts';
import type { AgentConfig } from '../config/agent.ts';
import type { Git } from '../ports/git.ts';
import type { AgentSource, SourceSettings } from './agent-source.ts';
import { tokenReader } from './agent-token.ts';
import { ownTrust } from './local-ledger.ts';
import { sharedOnce } from './shared-once.ts';

/** A snapshot of a folder is a commit on this branch. */
const directoryBranch = 'main';

/**
 * Commits from a Git remote or a folder; the jobs are this host's own, signed with its own key, in a
 * ledger on its own disk.
 */
export async function openOwnSource({
  config,
  env,
  clock,
  key,
}: SourceSettings): Promise<AgentSource> {
  const { state, source } = config;
  const trust = ownTrust(key);
  const isFolder = source.directory !== undefined;
  const branch = isFolder ? directoryBranch : source.branch;
  return {
    ledger: openFileLedger(join(state, 'ledger'), { clock }),
    trust: async () => trust,
    signers: trust.app,
    git: sharedOnce(() => (isFolder ? openFolder(config) : openRemote(config, env))),
    branch: async () => branch,
    linkOf: () => null,
    label: isFolder ? source.directory! : `${withoutUser(source.git!)}, branch ${branch}`,
    isOnGithub: false,
  };
}

async function openFolder({ state, source }: AgentConfig): Promise<Git> {
  const { openDirectory } = await import('../adapters/git/open-git.ts');
  const directory = source.directory!;
  return await openDirectory({ dir: cacheOf(state, directory), directory, leaveOut: [state] });
}

async function openRemote(config: AgentConfig, env: SourceSettings['env']): Promise<Git> {
  const { state, source } = config;
  const { openGit } = await import('../adapters/git/open-git.ts');
  const token = tokenReader(config, env['SALLYPORT_GIT_TOKEN']);
  const { ssh_key: sshKey, known_hosts: knownHosts } = source.credentials ?? {};
  return await openGit({
    dir: cacheOf(state, source.git!),
    url: source.git!,
    ...(token ? { credentials: token } : {}),
    ssh: { key: sshKey, knownHosts },
  });
}

/** Another address is another repository, and must never find the commits of the one before. */
function cacheOf(state: string, address: string): string {
  const digest = createHash('sha256').update(address).digest('hex').slice(0, 16);
  return join(state, 'repos', `${digest}.git`);
}

/** An address may hold a user and a password. */
function withoutUser(address: string): string {
  return address.replace(/^([a-z][a-z+.-]*:\/\/)[^/@]*@/iu, '$1');
}
