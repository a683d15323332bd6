import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openAgent } from '../src/bin/agent.ts';
import { parseAgentConfig } from '../src/config/parse.ts';
import type { Exchange } from '../src/sandbox/github/hooks.ts';
import { longestChain, type Span } from './support/chain.ts';
import { openScene } from './support/scene.ts';

// API calls from a `/deploy` comment to the agent's first step, counted at the stand-in GitHub, with
// the App just started (cold) and the next time (warm). `node bench/api-calls.ts [--json]`; about 20 s.
const goal = 6;
/** Each answer takes so long: long enough for calls that are sent together to overlap. */
const latencyMs = 100;
/** A status of the App's binds a job; what the App asks later is for its answer only. */
const statuses = '/repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
const isBinding = (call: Pick<Exchange, 'actor' | 'method' | 'template'>): boolean =>
  isOfApp(call) && call.method === 'POST' && call.template === statuses;

type Call = Span & Pick<Exchange, 'method' | 'template' | 'status' | 'actor'>;
const calls: Call[] = [];
let onBound: () => void = () => undefined;
let firstStep: number | null = null;

const scene = await openScene({
  // So that the agent looks when it is woken, and only then.
  poll: '1h',
  hooks: {
    observe(seen) {
      const { method, template, status, actor, at } = seen;
      calls.push({ method, template, status, actor, began: at, ended: Date.now() });
      if (isBinding(seen)) onBound();
    },
    faults: {
      beforeRequest: async () => {
        await setTimeout(latencyMs);
        return undefined;
      },
    },
  },
});
const agent = await startAgent();
// The agent's next look is the one that a poll would have made: it costs what a poll costs.
onBound = agent.wake;

try {
  await setTimeout(10 * latencyMs);
  const cold = await measure();
  await scene.push();
  const warm = await measure();
  report({ cold, warm });
  if (Math.max(cold.inSequence, warm.inSequence) > goal) process.exitCode = 1;
} finally {
  await agent.stop();
  await scene.close();
}

async function startAgent() {
  const parsed = parseAgentConfig(await readFile(scene.agentConfig, 'utf8'), scene.agentConfig);
  if (!parsed.ok) throw new Error('the scene has an agent.yml that does not hold');
  const log = { info: () => undefined, warn: console.warn, error: console.error };
  return openAgent({
    config: parsed.config,
    env: {},
    log,
    proxyEntry: [join(import.meta.dirname, '../src/bin/proxy.ts')],
    proxyHost: '127.0.0.1',
    listeners: [({ kind }) => void (kind === 'step-began' && (firstStep ??= Date.now()))],
  });
}

interface Measured {
  /** Every call until the first step. */
  readonly calls: readonly string[];
  /** Those that the first step waits for. */
  readonly leadingCalls: number;
  readonly inSequence: number;
  readonly appInSequence: number;
  readonly agentInSequence: number;
  /** From the comment to the first step. */
  readonly elapsedMs: number;
}

async function measure(): Promise<Measured> {
  firstStep = null;
  const from = Date.now();
  await scene.deploy();
  if (firstStep === null) throw new Error('no step began');
  const until: number = firstStep;
  const seen = calls
    .filter(({ began, ended }) => began >= from && ended <= until)
    .toSorted((a, b) => a.began - b.began);
  const bound = seen.find(isBinding)?.ended ?? until;
  const leading = seen.filter((call) => !isOfApp(call) || call.ended <= bound);
  const result = {
    leadingCalls: leading.length,
    calls: seen.map((call) => describe(call, from)),
    inSequence: longestChain(leading),
    appInSequence: longestChain(leading.filter(isOfApp)),
    agentInSequence: longestChain(leading.filter((call) => !isOfApp(call))),
    elapsedMs: until - from,
  };
  // What follows a deployment is over before the next comment.
  await setTimeout(30 * latencyMs);
  return result;
}

function isOfApp({ actor }: Pick<Exchange, 'actor'>): boolean {
  return /^(app|installation):/u.test(actor);
}

function describe({ began, ended, method, template, status, actor }: Call, from: number): string {
  return `${began - from}–${ended - from} ms ${actor} ${method} ${template} ${status}`;
}

function report(result: { readonly cold: Measured; readonly warm: Measured }): void {
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ ...result, goal, latencyMs }));
    return;
  }
  const rows = Object.entries(result).map(([app, measured]) => ({
    App: app,
    calls: measured.calls.length,
    'leading to the step': measured.leadingCalls,
    'in sequence': measured.inSequence,
    '÷ goal': (measured.inSequence / goal).toFixed(2),
    'of the App': measured.appInSequence,
    'of the agent': measured.agentInSequence,
    [`ms, at ${latencyMs} ms a call`]: measured.elapsedMs,
  }));
  console.table(rows);
  if (process.argv.includes('--calls')) {
    for (const [app, measured] of Object.entries(result)) {
      console.log(`\n${app}\n${measured.calls.join('\n')}`);
    }
  }
}
