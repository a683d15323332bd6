import { join } from 'node:path';
import { systemClock } from '../src/adapters/clock/system.ts';
import { openJournal } from '../src/adapters/journal/file/open-journal.ts';
import { builtinProxy } from '../src/adapters/proxy/builtin/builtin-proxy.ts';
import { stopProxy } from '../src/adapters/proxy/builtin/stop-proxy.ts';
import type { JournalBody } from '../src/deploy/journal-entries.ts';
import { startingAt } from '../src/deploy/resume.ts';
import { runSteps } from '../src/deploy/run-steps.ts';
import type { ServiceConfig } from '../src/config/service.ts';
import type { TargetContext } from '../src/targets/context.ts';
import { createServiceTarget } from '../src/targets/service/create-target.ts';
import {
  configOf,
  contextOf,
  openBench,
  serverSource,
  shaOf,
} from '../test/support/service-bench.ts';
import { median } from './support/wrk.ts';

// From the first step's begin until the traffic is in a slot that is warm: with the journal on the
// disk and the embedded proxy, as the agent does it. `node bench/switch.ts [--json]`; about 30 s.
const rounds = 20;
const goalsMs = { switch: 50, rollback: 100 };

interface Taken {
  /** From the first step's begin to the traffic. */
  readonly allMs: number;
  /** Of the step `switch` alone. */
  readonly stepMs: number;
}

await using bench = await openBench();
const { folder } = bench;
const state = join(folder, 'state');
const proxy = builtinProxy({
  state,
  entry: [join(import.meta.dirname, '../src/bin/proxy.ts')],
  host: '127.0.0.1',
});
const journal = await openJournal<JournalBody>(join(folder, 'journal'), { clock: systemClock });
let deployment = 0;

try {
  await bench.commit('a', { 'server.js': serverSource(), VERSION: '1' });
  await bench.commit('b', { 'server.js': serverSource(), VERSION: '2' });
  await msToTraffic('a', {});
  await msToTraffic('b', {});
  const taken: Record<keyof typeof goalsMs, Taken[]> = { switch: [], rollback: [] };
  for (let round = 0; round < rounds; round += 1) {
    taken.switch.push(await msToTraffic('a', { operation: 'switch' }));
    taken.rollback.push(await msToTraffic('b', { operation: 'rollback' }));
  }
  const rows = (['switch', 'rollback'] as const).map((act) => ({
    act,
    ms: shown(median(taken[act].map(({ allMs }) => allMs))),
    worst: shown(Math.max(...taken[act].map(({ allMs }) => allMs))),
    'step alone': shown(median(taken[act].map(({ stepMs }) => stepMs))),
    'goal, ms': goalsMs[act],
  }));
  if (process.argv.includes('--json')) console.log(JSON.stringify(rows));
  else console.table(rows);
} finally {
  await journal.close();
  await stopProxy(state);
}

/** Deploys to its end. */
async function msToTraffic(
  letter: string,
  change: Partial<TargetContext<ServiceConfig>>,
): Promise<Taken> {
  deployment += 1;
  const { context } = contextOf(folder, { sha: shaOf(letter), deployment, ...change });
  const config = configOf({ drain: 0 });
  const ports = { ...context.ports, proxy };
  const { steps, rollback } = createServiceTarget({ ...context, config, ports });
  const began = performance.now();
  let taken: Taken = { allMs: 0, stepMs: 0 };
  const outcome = await runSteps(
    startingAt('forward'),
    { steps, rollback },
    { onFailure: 'rollback', retry: null },
    {
      note: (entry) => journal.append(entry),
      clock: systemClock,
      on: (event) => {
        if (event.kind !== 'step-ended' || event.step.name !== 'switch') return;
        taken = { allMs: performance.now() - began, stepMs: event.durationMs };
      },
      isLeaving: () => false,
      cancelledBy: () => null,
      signal: new AbortController().signal,
    },
  );
  if (outcome.state !== 'done') throw new Error(JSON.stringify(outcome));
  return taken;
}

function shown(ms: number): number {
  return Number(ms.toFixed(1));
}
