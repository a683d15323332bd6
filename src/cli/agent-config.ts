import type { AgentConfig } from '../config/agent.ts';
import { parseAgentConfig } from '../config/parse.ts';
import { maxConfigBytes } from '../config/read-yaml.ts';
import { SallyportError, exitCodes } from '../model/errors.ts';
import type { World } from './world.ts';

/** Where an agent's configuration is on a host. */
export const agentConfigPath = '/etc/sallyport/agent.yml';

/** Reads an agent.yml; a problem in it is told with its place. */
export async function readAgentConfig(path: string, world: World): Promise<AgentConfig> {
  const text = new TextDecoder().decode(await world.readFile(path, maxConfigBytes));
  const parsed = parseAgentConfig(text, path);
  if (parsed.ok) return parsed.config;
  const [first] = parsed.problems;
  throw new SallyportError({
    code: 'config_invalid',
    message: first
      ? `${first.file}:${first.line}:${first.column}: ${first.message}`
      : `${path} is not valid.`,
    hint: `See all that is wrong with it: sallyport validate ${path}`,
    exit: exitCodes.usage,
  });
}
