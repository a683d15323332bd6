import { resolve } from 'node:path';
import type { AgentConfig } from '../config/agent.ts';
import { parseAgentConfig } from '../config/parse.ts';
import { SallyportError, exitCodes } from '../model/errors.ts';
import type { Machine } from '../ports/machine.ts';
import { agentUnitPath, placeOf, type Place, type Scope } from '../upkeep/place.ts';
import { textOption } from './option-values.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** Where the installation is that a verb speaks of. */
export interface Installation {
  readonly place: Place;
  /** Whose the agent is, or will be. */
  readonly user: string;
  /** `null` where there is no agent.yml. */
  readonly config: AgentConfig | null;
}

/** Throws `usage`, and `config_invalid` for an agent.yml that cannot be read. */
export async function findInstallation(
  args: Args,
  machine: Machine,
  { env, cwd }: Pick<World, 'env' | 'cwd'>,
): Promise<Installation> {
  const given = textOption(args, 'config');
  const settled = {
    config: given === null ? null : resolve(cwd, given),
    home: machine.me.home,
    xdg: { config: env['XDG_CONFIG_HOME'] || undefined, state: env['XDG_STATE_HOME'] || undefined },
  };
  const own = placeOf('user', settled);
  const scope = scopeOf(args) ?? ((await machine.facts(agentUnitPath(own))) ? 'user' : 'system');
  const place = scope === 'user' ? own : placeOf('system', settled);
  return {
    place,
    user: scope === 'user' ? machine.me.name : await userOf(args, place, machine),
    config: await readConfig(place.config, machine),
  };
}

/** As `findInstallation`, of one that has an agent.yml. Throws `not_installed`. */
export async function requireInstallation(
  args: Args,
  machine: Machine,
  world: Pick<World, 'env' | 'cwd'>,
): Promise<Installation & { readonly config: AgentConfig }> {
  const { place, user, config } = await findInstallation(args, machine, world);
  if (config) return { place, user, config };
  throw new SallyportError({
    code: 'not_installed',
    message: `There is no ${place.config}, or you may not read it.`,
    hint: 'Install the agent, sallyport agent install --source acme/shop; or name its file with --config FILE.',
    exit: exitCodes.notFound,
  });
}

function scopeOf(args: Args): Scope | null {
  const scope = textOption(args, 'scope');
  if (scope === null || scope === 'system' || scope === 'user') return scope;
  throw new SallyportError({
    code: 'usage',
    message: `--scope ${scope} is neither system nor user.`,
    hint: '--scope system or --scope user',
    exit: exitCodes.usage,
  });
}

/** As asked for, else as its unit has it. */
async function userOf(args: Args, place: Place, machine: Machine): Promise<string> {
  const asked = textOption(args, 'user');
  if (asked !== null) return asked;
  const unit = await machine.read(agentUnitPath(place));
  return /^User=(\S+)$/m.exec(unit ?? '')?.[1] ?? 'sallyport';
}

async function readConfig(path: string, machine: Machine): Promise<AgentConfig | null> {
  const text = await machine.read(path);
  return text === null ? null : parseConfig(text, path);
}

/** Throws `config_invalid` with the place of the first problem. */
export function parseConfig(text: string, path: string): AgentConfig {
  const parsed = parseAgentConfig(text, path);
  if (parsed.ok) return parsed.config;
  const [first] = parsed.problems;
  throw new SallyportError({
    code: 'config_invalid',
    message: `${path}:${first?.line ?? 1}:${first?.column ?? 1}: ${first?.message ?? 'it is not valid'}`,
    hint: `See all that is wrong with it: sallyport validate ${path}`,
    exit: exitCodes.usage,
  });
}
