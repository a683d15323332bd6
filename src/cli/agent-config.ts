import type { AgentConfig } from '../config/agent.ts';
import { parseAgentConfig } from '../config/parse.ts';
import { maxConfigBytes } from '../config/read-yaml.ts';
import { SallyportError, asSallyportError, exitCodes } from '../model/errors.ts';
import type { World } from './world.ts';

/** Where an agent's configuration is on a host. */
export const agentConfigPath = '/etc/sallyport/agent.yml';

/** Reads an agent.yml; a problem in it is told with its place. */
export async function readAgentConfig(path: string, world: World): Promise<AgentConfig> {
  const bytes = await world.readFile(path, maxConfigBytes).catch((thrown: unknown) => {
    throw withHint(thrown);
  });
  const text = new TextDecoder().decode(bytes);
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

function withHint(thrown: unknown): SallyportError {
  const error = asSallyportError(thrown);
  if (error.code !== 'file_not_found') return error;
  const { code, message, exit } = error;
  const hint =
    'Write it (docs/reference/configuration.md) or name another one with --config. A key can be made before: sallyport agent keygen --state DIR --name NAME';
  return new SallyportError({ code, message, hint, exit, cause: thrown });
}
