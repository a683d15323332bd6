/** Whether a text looks like the agent.yml of a host rather than a repository's configuration. */
export function isAgentConfig(text: string): boolean {
  const keys = new Set([...text.matchAll(/^([a-z_]+)[ \t]*:/gm)].map(([, key]) => key!));
  const ofAgent = ['source', 'trust', 'allow', 'env_root', 'state', 'poll'];
  const ofRepository = ['version', 'targets', 'agents'];
  return ofAgent.some((key) => keys.has(key)) && !ofRepository.some((key) => keys.has(key));
}
