import { join } from 'node:path';
import { z } from 'zod';
import { GithubClient } from '../adapters/github-http/client.ts';
import { openGithubLedger } from '../adapters/ledger/github/open-ledger.ts';
import type { AgentConfig } from '../config/agent.ts';
import type { Job } from '../model/job.ts';
import { parsePublicKey } from '../model/keys.ts';
import type { AgentSource, SourceSettings } from './agent-source.ts';
import { tokenMissing, tokenReader, type ReadToken } from './agent-token.ts';
import { sharedOnce } from './shared-once.ts';

const Repository = z.object({ id: z.int(), default_branch: z.string().min(1).max(255) });

/** Jobs from GitHub's Deployments, signed by the App; commits from the repository. */
export async function openGithubSource({
  config,
  env,
  clock,
}: SourceSettings): Promise<AgentSource> {
  const { source, trust } = config;
  const token = tokenReader(config, env['SALLYPORT_GITHUB_TOKEN']);
  if (!token) throw tokenMissing(undefined);
  await token();
  const api = { apiUrl: apiUrlOf(source.url), token };
  const client = new GithubClient(api);
  const about = async (signal?: AbortSignal) => {
    const { json } = await client.get(`repos/${source.github}`, undefined, signal);
    return Repository.parse(json);
  };
  const keys = (trust?.keys ?? []).map(({ key, environments }) => ({
    key: parsePublicKey(key),
    environments,
  }));
  return {
    ledger: openGithubLedger({ ...api, repository: source.github!, clock }),
    // As GitHub numbers the repository now.
    trust: async (signal) => ({ repository: (await about(signal)).id, app: keys }),
    signers: keys,
    git: sharedOnce(() => openCache(config, token)),
    branch: async (signal) => (await about(signal)).default_branch,
    linkOf: linksTo(config),
    label: source.github!,
    isOnGithub: true,
  };
}

async function openCache({ state, source }: AgentConfig, token: ReadToken) {
  const { openGit } = await import('../adapters/git/open-git.ts');
  const dir = join(state, 'repos', `${source.github}.git`);
  return await openGit({ dir, url: `${source.url}/${source.github}.git`, credentials: token });
}

export function apiUrlOf(url: string): string {
  return url === 'https://github.com' ? 'https://api.github.com' : `${url}/api/v3`;
}

function linksTo({ source }: AgentConfig) {
  const base = `${source.url}/${source.github}`;
  return ({ reply, sha }: Job): string =>
    reply ? `${base}/issues/${reply.issue}#issuecomment-${reply.comment}` : `${base}/commit/${sha}`;
}
