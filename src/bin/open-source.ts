import type { AgentSource, SourceSettings } from './agent-source.ts';
import { openGithubSource } from './github-source.ts';
import { openOwnSource } from './own-source.ts';

/** GitHub's Deployments; or a Git remote or a folder, with a ledger of this host's own. */
export function openSource(settings: SourceSettings): Promise<AgentSource> {
  return settings.config.source.github === undefined
    ? openOwnSource(settings)
    : openGithubSource(settings);
}
