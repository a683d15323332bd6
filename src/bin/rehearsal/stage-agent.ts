import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../adapters/clock/system.ts';
import { ProcessInit } from '../../adapters/init/process/process-init.ts';
import { stopProxy } from '../../adapters/proxy/builtin/stop-proxy.ts';
import type { AgentEvent } from '../../agent/events.ts';
import { parseAgentConfig } from '../../config/parse.ts';
import type { Log } from '../../ports/log.ts';
import type { Narrator } from '../../sandbox/tour/narrator.ts';
import { openAgent } from '../agent.ts';
import { thisProgramAs } from '../this-program.ts';

export interface AgentSetting {
  /** Path of agent.yml. */
  readonly config: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What its targets may start, by the names under which slots run. */
  readonly programs: readonly string[];
  readonly say: Narrator;
  readonly log: Log;
}

export interface StagedAgent {
  readonly socket: string;
  /** Ends the agent, and what outlives an agent: the proxy and the programs in the slots. */
  stop(): Promise<void>;
}

const graceMs = 3_000;

/** Starts an agent whose steps are told as they end. */
export async function stageAgent({
  config: path,
  env,
  programs,
  say,
  log,
}: AgentSetting): Promise<StagedAgent> {
  const parsed = parseAgentConfig(await readFile(path, 'utf8'), path);
  if (!parsed.ok) throw new Error(`a rehearsal wrote an agent.yml that does not hold: ${path}`);
  const config = parsed.config;
  const agent = await openAgent({
    config,
    env,
    log,
    proxyEntry: thisProgramAs('proxy'),
    proxyHost: '127.0.0.1',
    listeners: [(event) => tell(event, say)],
  });
  return {
    socket: agent.socket,
    async stop() {
      // Whatever a step hangs on must not keep the programs running.
      await Promise.race([agent.abort(), systemClock.sleep(graceMs)]);
      const init = new ProcessInit(join(config.state, 'slots'));
      for (const name of programs) await init.stop(name, graceMs);
      await stopProxy(config.state, graceMs);
    },
  };
}

/** What follows a unit that is done (draining, pruning) is no part of the story. */
function tell(event: AgentEvent, say: Narrator): void {
  if (event.kind === 'unit-refused') say.note(`refused: ${event.message}`);
  if (event.kind !== 'step-ended' || event.phase === 'settling') return;
  const { step, durationMs, failure } = event;
  say.step(step, durationMs, failure?.message ?? null);
  if (failure) say.quote(withoutRepeats(failure.details));
}

/** `the line (20 times)` for a line that a program wrote over and over. */
function withoutRepeats(lines: readonly string[]): readonly string[] {
  const runs: { readonly line: string; times: number }[] = [];
  for (const line of lines) {
    const last = runs.at(-1);
    if (last?.line === line) last.times += 1;
    else runs.push({ line, times: 1 });
  }
  return runs.map(({ line, times }) => (times > 1 ? `${line} (${times} times)` : line));
}
