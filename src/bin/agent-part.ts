import { realpathSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { systemClock } from '../adapters/clock/system.ts';
import { createLog } from '../adapters/log/create-log.ts';
import type { AgentOpener } from '../agent/agent.ts';
import { openAgent } from './agent.ts';
import { staySmall } from './stay-small.ts';

/** The agent of `sallyport agent run`: it logs to standard error. */
export const agentPart: AgentOpener = {
  open: (config) => {
    const rest = staySmall();
    return openAgent({
      config,
      env: process.env,
      log: createLog({
        stream: process.stderr,
        clock: systemClock,
        secrets: secretsOf(process.env),
      }),
      proxyEntry: thisProgramAs('proxy'),
      listeners: [({ kind }) => (kind === 'unit-ended' ? rest() : undefined)],
    });
  },
};

/** What Node runs to be another entry point beside this one: `dist/proxy.js`, or `src/bin/proxy.ts` from the sources. */
export function thisProgramAs(name: string): [string] {
  const own = realpathSync(process.argv[1]!);
  return [join(dirname(own), `${name}${extname(own)}`)];
}

function secretsOf(env: NodeJS.ProcessEnv): readonly string[] {
  return [env['SALLYPORT_GITHUB_TOKEN'], env['SALLYPORT_GIT_TOKEN']].filter(
    (token) => !!token,
  ) as string[];
}
