import { beforeEach, expect, test } from 'vitest';
import { giveUpAfterMs, renewAfterMs, settleMs } from '../../src/agent/decide-lease.ts';
import { Lease } from '../../src/agent/lease.ts';
import { LeaseLost } from '../../src/agent/lease-lost.ts';
import { LedgerSource } from '../../src/agent/ledger-source.ts';
import { Notebook } from '../../src/agent/notebook.ts';
import { graceMs, leaseMs } from '../../src/deploy/fold-lease.ts';
import { issueJob } from '../../src/deploy/issue.ts';
import { LedgerReader } from '../../src/deploy/reader.ts';
import { SallyportError } from '../../src/model/errors.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import { appKey, draftJob, hostKeys, trust } from '../support/jobs.ts';
import { createMemoryWorld } from '../support/memory-ledger.ts';
import { MemoryJournal } from './bench.ts';
import { JumpingClock } from './jumping-clock.ts';

const never = new AbortController().signal;
let stage: Awaited<ReturnType<typeof setStage>>;

beforeEach(async () => {
  stage = await setStage();
});

test('a claim is acted on after it had time to show, and kept by renewals', async () => {
  const { lease } = stage.agent('web-1');
  const began = stage.clock.now();
  expect(await lease.take(never)).toMatchObject({ holder: 'web-1', predecessors: 0 });
  expect(stage.clock.now() - began).toBeGreaterThanOrEqual(settleMs);
  await lease.keep(() => stage.clock.sleep(3 * leaseMs), never);
  expect(await stage.said()).toContain('web-1 renewed');
});

test('another agent stands back while the lease is kept, and after it was released takes it at once', async () => {
  const [first, second] = [stage.agent('web-1').lease, stage.agent('web-2').lease];
  await first.take(never);
  expect(await second.take(never)).toBeNull();
  await first.release(never);
  expect(await second.take(never)).toMatchObject({ holder: 'web-2', predecessors: 1 });
});

test('a lease that runs out is left alone for its time and its grace', async () => {
  const [first, second] = [stage.agent('web-1').lease, stage.agent('web-2').lease];
  const claimed = stage.clock.now();
  await first.take(never);
  while ((await second.take(never)) === null) await stage.clock.sleep(1_000);
  expect(stage.clock.now() - claimed).toBeGreaterThan(leaseMs + graceMs);
});

test('work ends before the lease does when it cannot be renewed', async () => {
  const first = stage.agent('web-1');
  await first.lease.take(never);
  const began = stage.clock.now();
  first.cutOff = true;
  const work = first.lease.keep((signal) => stage.clock.sleep(10 * leaseMs, signal), never);
  await expect(work).rejects.toBeInstanceOf(LeaseLost);
  expect(stage.clock.now() - began).toBeLessThanOrEqual(giveUpAfterMs);
});

test('a renewal that hangs cannot keep the work going', async () => {
  const first = stage.agent('web-1');
  await first.lease.take(never);
  first.hangs = true;
  const work = first.lease.keep((signal) => stage.clock.sleep(10 * leaseMs, signal), never);
  await expect(work).rejects.toBeInstanceOf(LeaseLost);
});

test('a restarted agent renews with a number of its own, and is believed', async () => {
  const journal = new MemoryJournal();
  await stage.agent('web-1', journal).lease.take(never);
  const again = stage.agent('web-1', journal).lease;
  expect(await again.take(never)).toMatchObject({ holder: 'web-1' });
  await stage.clock.sleep(renewAfterMs);
  expect(await stage.said()).toEqual(['web-1 claimed', 'web-1 renewed']);
});

/** A deployment of `dns`, which lives on no host, and agents that may claim it. */
async function setStage() {
  const world = createMemoryWorld(1);
  const clock = new JumpingClock(world.clock.now(), (ms) => world.clock.advance(ms));
  const reader = new LedgerReader(world.connect(), trust);
  const targets = [{ name: 'dns', kind: 'command', wave: 0, hosts: [] }];
  const { deployment, job, digest } = await issueJob(draftJob('a comment', { targets }), {
    ledger: world.connect(),
    reader,
    key: appKey,
    clock,
  });
  const agent = (host: string, journal = new MemoryJournal()) => {
    const state = { cutOff: false, hangs: false };
    const inner = world.connect();
    const ledger: Ledger = {
      jobs: (...args) => inner.jobs(...args),
      records: (...args) => inner.records(...args),
      publish: (...args) => inner.publish(...args),
      show: (...args) => inner.show(...args),
      append: (...args) => {
        if (state.hangs) return untilAborted(args[1]!);
        const error = new SallyportError({ code: 'cut', message: 'no answer', next: 'retry' });
        return state.cutOff ? Promise.reject(error) : inner.append(...args);
      },
    };
    const source = new LedgerSource({ ledger, clock, trust: async () => trust });
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const notebook = new Notebook(journal);
    const lease = new Lease(
      { host, key: hostKeys[host]!, ledger, source, notebook, clock, log },
      { deployment, digest, job, target: 'dns', targetIndex: 0 },
    );
    return Object.assign(state, { lease });
  };
  const said = async () => {
    const { log } = await new LedgerReader(world.connect(), trust).refresh();
    return log.records.flatMap(({ record, signer }) =>
      record.kind === 'lease' && signer.kind === 'host' ? [`${signer.host} ${record.state}`] : [],
    );
  };
  return { clock, agent, said };
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
