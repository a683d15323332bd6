import type { MakeTarget } from '../agent/run.ts';
import type { AgentConfig } from '../config/agent.ts';
import type { TargetConfig } from '../config/repository.ts';
import type { ServiceConfig } from '../config/service.ts';
import type { Work } from '../deploy/journal-entries.ts';
import type { Operation } from '../model/job.ts';
import { paramsFor } from '../policy/resolve-params.ts';
import type { Clock } from '../ports/clock.ts';
import type { Git } from '../ports/git.ts';
import type { Log } from '../ports/log.ts';
import type { TargetContext } from '../targets/context.ts';
import { acrossInits } from './across-inits.ts';
import { openInit, otherInits, type InitName } from './init-drivers.ts';
import { openProxy } from './proxy-drivers.ts';
import { sharedBy, sharedOnce } from './shared-once.ts';
import { lazyGit, lazyPrograms } from './lazy-ports.ts';
import { outputsBefore } from './target-outputs.ts';

export interface TargetSettings {
  readonly config: AgentConfig;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Log;
  readonly git: () => Promise<Git>;
  /** What Node runs as the embedded proxy, absolute. */
  readonly proxyEntry: readonly [string, ...string[]];
  /** The address that the embedded proxy listens on; absent: all of them. */
  readonly proxyHost?: string | undefined;
}

/** Makes targets on this host. Nothing of them is loaded before the first one: an idle agent stays small. */
export function createMakeTarget(settings: TargetSettings): MakeTarget {
  const { config: agent, env } = settings;
  const shared = sharedOnce(() => openShared(settings));
  // It remembers the ends of the programs that it started.
  const initOf = sharedBy((name: InitName) => openInit(name, agent));
  const initsOf = async (own: InitName, program: string) =>
    await Promise.all((await otherInits(own, program, agent)).map(initOf));
  const host = { agent, entry: settings.proxyEntry, address: settings.proxyHost };
  return async (work, progress) => {
    const { createTarget } = await import('../targets/registry.ts');
    const { init, proxy } = hostingOf(work.config);
    return createTarget({
      environment: work.job.environment,
      target: work.target,
      deployment: work.deployment,
      heal: work.heal ?? 0,
      operation: operationOf(work),
      stage: work.job.flags['stage'] === true,
      sha: work.job.sha,
      version: work.version,
      config: work.config,
      paths: { state: agent.state, envRoot: agent.env_root, allowed: agent.allow.paths },
      outputs: await outputsBefore(work, agent.state),
      params: paramsFor(work.job.params, work.config),
      isForced: work.job.flags['force'] === true && work.heal === undefined,
      inherited: env,
      ports: {
        ...(await shared()),
        init: acrossInits(await initOf(init), (program) => initsOf(init, program)),
        proxy: await openProxy(host, proxy),
        proxyOf: (driver) => openProxy(host, { ...proxy, driver }),
      },
      progress,
    });
  };
}

/** What a switch brought is mended like what a rollback did: made anew where nothing is left of it. */
function operationOf({ job, heal }: Pick<Work, 'job' | 'heal'>): Operation {
  return job.operation === 'switch' && heal !== undefined ? 'rollback' : job.operation;
}

async function openShared({
  clock,
  log,
  git,
}: TargetSettings): Promise<Omit<TargetContext['ports'], 'init' | 'proxy' | 'proxyOf'>> {
  const { HttpProbe } = await import('../adapters/probe/http/http-probe.ts');
  return { git: lazyGit(git), programs: lazyPrograms(), probe: new HttpProbe(), clock, log };
}

/** What starts a service, and what stands before it; other kinds have neither. */
function hostingOf(config: TargetConfig): Pick<ServiceConfig, 'init' | 'proxy'> {
  if (config.kind === 'service') return config;
  return {
    init: 'process',
    proxy: { driver: 'builtin', listen: 0, server_names: [], mode: 'socket' },
  };
}
