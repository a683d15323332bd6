import { join } from 'node:path';
import type { MakeTarget } from '../agent/run.ts';
import type { AgentConfig } from '../config/agent.ts';
import type { TargetConfig } from '../config/repository.ts';
import { paramsFor } from '../policy/resolve-params.ts';
import type { Clock } from '../ports/clock.ts';
import type { Git } from '../ports/git.ts';
import type { Log } from '../ports/log.ts';
import type { TargetContext } from '../targets/context.ts';
import { StepFailure } from '../targets/target.ts';
import { sharedOnce } from './shared-once.ts';
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
  const ports = sharedOnce(() => openPorts(settings));
  return async (work, progress) => {
    refuseLater(work.config);
    const { createTarget } = await import('../targets/registry.ts');
    return createTarget({
      environment: work.job.environment,
      target: work.target,
      deployment: work.deployment,
      heal: work.heal ?? 0,
      operation: work.job.operation,
      sha: work.job.sha,
      version: work.version,
      config: work.config,
      paths: { state: agent.state, envRoot: agent.env_root, allowed: agent.allow.paths },
      outputs: await outputsBefore(work, agent.state),
      params: paramsFor(work.job.params, work.config),
      isForced: work.job.flags['force'] === true && work.heal === undefined,
      inherited: env,
      ports: await ports(),
      progress,
    });
  };
}

async function openPorts(settings: TargetSettings): Promise<TargetContext['ports']> {
  const { clock, log, git, proxyEntry: entry, proxyHost: host } = settings;
  const { state } = settings.config;
  const [{ ProcessInit }, { builtinProxy }, { ExecaPrograms }, { HttpProbe }] = await Promise.all([
    import('../adapters/init/process/process-init.ts'),
    import('../adapters/proxy/builtin/builtin-proxy.ts'),
    import('../adapters/programs/execa/execa-programs.ts'),
    import('../adapters/probe/http/http-probe.ts'),
  ]);
  return {
    git: await git(),
    init: new ProcessInit(join(state, 'slots')),
    proxy: builtinProxy(host === undefined ? { state, entry } : { state, entry, host }),
    programs: new ExecaPrograms(),
    probe: new HttpProbe(),
    clock,
    log,
  };
}

/** Drivers that the format knows and this version does not have yet. */
function refuseLater(config: TargetConfig): void {
  if (config.kind !== 'service') return;
  const { init, proxy } = config;
  if (init !== 'process') {
    throw new StepFailure('config_invalid', `init: ${init} is not supported yet; use process`);
  }
  if (proxy.driver !== 'builtin') {
    throw new StepFailure(
      'config_invalid',
      `proxy: ${proxy.driver} is not supported yet; use builtin`,
    );
  }
}
