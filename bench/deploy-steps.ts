import { join } from 'node:path';
import { systemClock } from '../src/adapters/clock/system.ts';
import { openJournal } from '../src/adapters/journal/file/open-journal.ts';
import { builtinProxy } from '../src/adapters/proxy/builtin/builtin-proxy.ts';
import { stopProxy } from '../src/adapters/proxy/builtin/stop-proxy.ts';
import type { JournalBody } from '../src/deploy/journal-entries.ts';
import { startingAt } from '../src/deploy/resume.ts';
import { runSteps } from '../src/deploy/run-steps.ts';
import { createServiceTarget } from '../src/targets/service/create-target.ts';
import {
  configOf,
  contextOf,
  openBench,
  serverSource,
  shaOf,
} from '../test/support/service-bench.ts';
import { median } from './support/wrk.ts';

// How long a deployment of a service takes, step by step, where nothing is built: the release is laid
// out, started and asked, and gets the traffic of the embedded proxy. Then how long it takes after the
// proxy was killed until a client is answered. `node bench/deploy-steps.ts [--json]`; about 30 s.
const rounds = 10;
const goalMs = 1_000;

await using bench = await openBench();
const { folder } = bench;
const state = join(folder, 'state');
const entry = [join(import.meta.dirname, '../src/bin/proxy.ts')] as const;
const proxy = builtinProxy({ state, entry, host: '127.0.0.1' });
const journal = await openJournal<JournalBody>(join(folder, 'journal'), { clock: systemClock });
const taken = new Map<string, number[]>();
let deployment = 0;

try {
  for (const [at, letter] of ['a', 'b', 'c', 'd'].entries()) {
    await bench.commit(letter, { 'server.js': serverSource(), VERSION: String(at) });
  }
  // The first one starts the proxy too.
  await deploy('d', () => {});
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    await deploy(['a', 'b', 'c'][round % 3]!, note);
    note('all', performance.now() - began);
  }
  for (let round = 0; round < 5; round += 1) note('proxy: start to answer', await msOfRestart());
  const rows = [...taken].map(([step, all]) => ({
    step,
    ms: Math.round(median(all)),
    worst: Math.round(Math.max(...all)),
    ...(step === 'all' ? { 'goal, ms': goalMs } : {}),
  }));
  if (process.argv.includes('--json')) console.log(JSON.stringify(rows));
  else console.table(rows);
} finally {
  await journal.close();
  await stopProxy(state);
}

function note(step: string, ms: number): void {
  taken.set(step, [...(taken.get(step) ?? []), ms]);
}

async function deploy(letter: string, tell: (step: string, ms: number) => void): Promise<void> {
  deployment += 1;
  const { context } = contextOf(folder, { sha: shaOf(letter), deployment });
  const ports = { ...context.ports, proxy };
  const config = configOf({ drain: 0 });
  const { steps, rollback } = createServiceTarget({ ...context, config, ports });
  const outcome = await runSteps(
    startingAt('forward'),
    { steps, rollback },
    { onFailure: 'rollback', retry: null },
    {
      note: (entry) => journal.append(entry),
      clock: systemClock,
      on: (event) => {
        if (event.kind === 'step-ended') tell(event.step.name, event.durationMs);
      },
      isLeaving: () => false,
      cancelledBy: () => null,
      signal: new AbortController().signal,
    },
  );
  if (outcome.state !== 'done') throw new Error(JSON.stringify(outcome));
}

/** From the start of the process until a client gets the release's answer. */
async function msOfRestart(): Promise<number> {
  const { port } = (await proxy.current('staging.web'))!;
  await stopProxy(state);
  const began = performance.now();
  await proxy.current('staging.web');
  while (!(await isAnswered(port))) await new Promise((resolve) => setTimeout(resolve, 5));
  return performance.now() - began;
}

async function isAnswered(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => null);
  await answer?.text();
  return answer?.status === 200;
}
