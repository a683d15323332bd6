import type { AgentConfig } from '../../config/agent.ts';

/** The repository's place in GitHub's API. */
export function githubPath({ source }: AgentConfig): string {
  return `repos/${source.github ?? ''}`;
}
