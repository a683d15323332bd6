import { socketPath } from '../agent/control.ts';
import type { Clock } from '../ports/clock.ts';
import type { AgentJson, StatusJson } from '../report/status-json.ts';
import { askAgentJson } from './agent-client.ts';

const lookMs = 200;

/** Waits until an agent answers, one started after `after` where that is given; what it says of itself, or `null` after `patienceMs`. */
export async function untilAnswers(
  state: string,
  clock: Clock,
  {
    after = -Infinity,
    patienceMs = 15_000,
  }: { readonly after?: number; readonly patienceMs?: number } = {},
): Promise<AgentJson | null> {
  const deadline = clock.now() + patienceMs;
  while (clock.now() < deadline) {
    const agent = (await askStatus(state))?.agent;
    if (agent && Date.parse(agent.since) > after) return agent;
    await clock.sleep(lookMs);
  }
  return null;
}

/** Where the environments stand; `null` where no agent answers. */
export async function askStatus(state: string): Promise<StatusJson | null> {
  return await askAgentJson<StatusJson>(socketPath(state), '/status').catch(() => null);
}
