import { join } from 'node:path';
import { systemClock } from '../adapters/clock/system.ts';
import { localMachine } from '../adapters/machine/local/local-machine.ts';
import type { AgentConfig } from '../config/agent.ts';
import { SallyportError, exitCodes } from '../model/errors.ts';
import type { Probes } from '../upkeep/doctor/world.ts';
import { lastingPath } from '../upkeep/upgrade/place.ts';
import { findServices } from '../upkeep/known-services.ts';
import type { RunningProgram, UpkeepParts } from '../upkeep/parts.ts';
import { apiUrlOf } from './github-source.ts';
import { tokenMissing, tokenReader } from './agent-token.ts';
import { findUnitsOf } from './anothers-units.ts';
import { openInit } from './init-drivers.ts';
import { openProxy, type ProxySettings } from './proxy-drivers.ts';
import { confirmAtTerminal } from './confirm.ts';
import { thisProgramAs } from './this-program.ts';

/** How long what runs may take to end, in ms. */
const graceMs = 10_000;
const patienceMs = 10_000;

/** What `sallyport agent install`, `doctor` and the like need of this machine. */
export function buildUpkeepParts(): UpkeepParts {
  const machine = localMachine();
  const [proxy] = thisProgramAs('proxy');
  const [cli] = thisProgramAs('cli');
  return {
    machine,
    clock: systemClock,
    program: {
      node: lastingPath(process.execPath),
      cli: lastingPath(cli),
      proxy: lastingPath(proxy),
    },
    confirm: confirmAtTerminal(),
    probes: probesOf,
    running: (config) => findRunning(config, machine),
  };
}

function probesOf(config: AgentConfig): Probes {
  const host = { agent: config, entry: thisProgramAs('proxy') };
  return {
    proxyProblems: async (driver) => {
      const settings: ProxySettings = { driver, listen: 0, server_names: [], mode: 'socket' };
      return await (await openProxy(host, settings)).check();
    },
    initProblems: async (init) => await (await openInit(init, config)).check(),
    reachRemote: () => reach(config),
    github: (path, accept = 'application/vnd.github+json') => askGithub(config, path, accept),
    web: (url) => get(new URL(url), {}),
  };
}

async function reach(config: AgentConfig): Promise<void> {
  const { source } = config;
  const { reachRemote } = await import('../adapters/git/program/reach-remote.ts');
  const isOnGithub = source.github !== undefined;
  const token = tokenReader(
    config,
    process.env[isOnGithub ? 'SALLYPORT_GITHUB_TOKEN' : 'SALLYPORT_GIT_TOKEN'],
  );
  if (isOnGithub && !token) throw tokenMissing(undefined);
  const { ssh_key: key, known_hosts: knownHosts } = source.credentials ?? {};
  const url = isOnGithub ? `${source.url}/${source.github}.git` : source.git!;
  await reachRemote(url, token ?? (async () => null), { key, knownHosts });
}

async function askGithub(config: AgentConfig, path: string, accept: string) {
  const token = tokenReader(config, process.env['SALLYPORT_GITHUB_TOKEN']);
  if (!token) throw tokenMissing(undefined);
  const headers = {
    accept,
    authorization: `Bearer ${await token()}`,
    'x-github-api-version': '2022-11-28',
  };
  return await get(new URL(`${apiUrlOf(config.source.url)}/${path}`), headers);
}

async function get(url: URL, headers: Readonly<Record<string, string>>) {
  const { createSend } = await import('../adapters/github-http/send.ts');
  const request = { method: 'GET', url, timeoutMs: patienceMs } as const;
  try {
    return await createSend()({ ...request, headers: { 'user-agent': 'sallyport', ...headers } });
  } catch (cause) {
    throw new SallyportError({
      code: 'web_unreachable',
      message: `${url.host} could not be reached: ${(cause as NodeJS.ErrnoException).code ?? String(cause)}.`,
      hint: `Try it from this machine: curl -I ${url.origin}`,
      exit: exitCodes.unreachable,
      cause,
    });
  }
}

async function findRunning(
  config: AgentConfig,
  machine: UpkeepParts['machine'],
): Promise<readonly RunningProgram[]> {
  const services = await findServices(config.state, machine);
  const owner = await machine.facts(config.state);
  const isAnothers = machine.me.uid === 0 && owner !== null && owner.uid !== 0;
  const found = await Promise.all(
    services.map(async ({ init: name, slots }) => {
      if (name === 'systemd-user' && isAnothers) {
        const names = slots.map((slot) => slot.name);
        return await findUnitsOf(owner, names, machine);
      }
      const init = await openInit(name, config);
      const states = await Promise.all(slots.map((slot) => init.status(slot.name)));
      return slots
        .filter((_, at) => states[at]!.running)
        .map((slot) => ({ name: slot.name, stop: () => init.stop(slot.name, graceMs) }));
    }),
  );
  const proxy = await machine.facts(join(config.state, 'proxy', 'control.sock'));
  if (!proxy) return found.flat();
  return [...found.flat(), { name: 'the embedded proxy', stop: () => stopEmbedded(config.state) }];
}

async function stopEmbedded(state: string): Promise<void> {
  const { stopProxy } = await import('../adapters/proxy/builtin/stop-proxy.ts');
  await stopProxy(state);
}
