import { systemClock } from '../adapters/clock/system.ts';
import { createLog } from '../adapters/log/create-log.ts';
import type { AgentOpener } from '../agent/agent.ts';
import { Watchdog } from '../agent/watchdog.ts';
import { openAgent } from './agent.ts';
import { staySmall } from './stay-small.ts';
import { tellSystemd } from './tell-systemd.ts';
import { thisProgramAs } from './this-program.ts';

/** The agent of `sallyport agent run`: it logs to standard error. */
export const agentPart: AgentOpener = {
  open: async (config) => {
    const rest = staySmall();
    const manager = tellSystemd(process.env);
    const log = createLog({
      stream: process.stderr,
      clock: systemClock,
      secrets: secretsOf(process.env),
    });
    const agent = await openAgent({
      config,
      env: process.env,
      log,
      proxyEntry: thisProgramAs('proxy'),
      listeners: [({ kind }) => (kind === 'unit-ended' ? rest() : undefined)],
    });
    const watchdog = new Watchdog(agent.pulses, log);
    manager.ready((passedMs) => watchdog.isWell(passedMs));
    return {
      socket: agent.socket,
      stop: () => {
        manager.stopping();
        return agent.stop();
      },
    };
  },
};

function secretsOf(env: NodeJS.ProcessEnv): readonly string[] {
  return [env['SALLYPORT_GITHUB_TOKEN'], env['SALLYPORT_GIT_TOKEN']].filter(
    (token) => !!token,
  ) as string[];
}
