import type { ChildProcess } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { agentMemory, agentNodeFlags } from '../src/upkeep/agent-unit.ts';
import type { Exchange } from '../src/sandbox/github/hooks.ts';
import { copyProgram } from './support/built-program.ts';
import { endProcess, startNode } from './support/processes.ts';
import { residentMb } from './support/resident.ts';
import { openScene } from './support/scene.ts';

// What an agent costs that has nothing to do, started as its unit starts it, beside a Node process that does nothing at all.
// `node bench/idle-agent.ts [--minutes 10] [--json]`. Needs `npm run build`.
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
  },
});
const minutes = Number(values.minutes);
const goalMb = 70;
const settleMs = 5_000;
const exchanges: Exchange[] = [];
const scene = await openScene({ poll: '10s', hooks: { observe: (seen) => exchanges.push(seen) } });
const program = await copyProgram();
const children: ChildProcess[] = [];

try {
  const bare = await start(['-e', "setInterval(() => {}, 1000); console.log('up')"]);
  const run = [program.cli, 'agent', 'run', '--json', '--config', scene.agentConfig];
  const agent = await start([...agentNodeFlags, ...run]);
  await setTimeout(settleMs);
  const freshMb = await residentMb(agent);
  await scene.deploy();
  // What follows a deployment (draining, pruning, the last records) is not idleness.
  await setTimeout(settleMs);
  const from = Date.now();
  await setTimeout(minutes * 60_000);
  const seen = exchanges.filter(
    ({ at, actor }) => at >= from && !actor.startsWith('installation:'),
  );
  const bareMb = await residentMb(bare);
  const endMb = await residentMb(agent);
  report({
    minutes,
    callsPerMinute: seen.length / minutes,
    share304: seen.filter(({ status }) => status === 304).length / seen.length,
    bareMb,
    freshMb,
    endMb,
  });
  if (endMb > goalMb) process.exitCode = 1;
} finally {
  await Promise.all(children.map(endProcess));
  await scene.close();
  await program.remove();
}

async function start(words: readonly string[]): Promise<number> {
  const { child } = await startNode(words, { ...process.env, ...agentMemory });
  children.push(child);
  return child.pid!;
}

function report(result: {
  readonly minutes: number;
  readonly callsPerMinute: number;
  readonly share304: number;
  readonly bareMb: number;
  readonly freshMb: number;
  readonly endMb: number;
}): void {
  if (values.json) {
    console.log(JSON.stringify({ ...result, goalMb }));
    return;
  }
  const { bareMb, freshMb, endMb, callsPerMinute, share304 } = result;
  console.log(`${minutes} min idle: ${callsPerMinute.toFixed(1)} calls a minute, of them`);
  console.log(`${(share304 * 100).toFixed(0)} % answered with 304, which costs no rate limit`);
  const row = (process: string, mb: number) => ({
    process,
    'RSS, MB': mb.toFixed(1),
    '÷ bare': (mb / bareMb).toFixed(2),
    '÷ goal': (mb / goalMb).toFixed(2),
  });
  console.table([
    row('bare Node', bareMb),
    row('agent, just started', freshMb),
    row(`agent, ${minutes} min after a deployment`, endMb),
  ]);
}
