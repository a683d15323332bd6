import { beforeEach, expect, test } from 'vitest';
import { createStopTraffic, type StopTrafficAsk } from '../../src/agent/stop-traffic.ts';
import type { Work } from '../../src/deploy/journal-entries.ts';
import { SallyportError } from '../../src/model/errors.ts';
import type { Target, TargetStops } from '../../src/targets/target.ts';

/** What was asked of targets, in order, and what was told. */
let asked: string[];
let told: string[];
/** The target whose proxy cannot hold. */
let unable: string;
let works: readonly Work[];

beforeEach(() => {
  [asked, told, unable] = [[], [], ''];
  works = [workOf('web', 'service'), workOf('api', 'service'), workOf('tiles', 'files')];
});

test('every service of the environment is meant where none is named', async () => {
  const stop = { kind: 'maintenance', text: 'Later.' } as const;
  expect(await stopTraffic({ target: null, stop })).toEqual(['web', 'api']);
  expect(await stopTraffic({ target: 'api', stop: { lift: 'maintenance' } })).toEqual(['api']);
  expect(asked).toEqual(['web maintenance ada', 'api maintenance ada', 'api maintenance over']);
  expect(told).toEqual([
    'web ada: maintenance begins',
    'api ada: maintenance begins',
    'api ada: maintenance is over',
  ]);
});

test('where one proxy cannot do it, none is asked to', async () => {
  unable = 'api';
  const stop = { kind: 'hold', forMs: 5_000 } as const;
  await expect(stopTraffic({ target: null, stop })).rejects.toMatchObject({
    code: 'not_supported',
  });
  expect([asked, told]).toEqual([[], []]);
  await stopTraffic({ target: 'web', stop });
  await stopTraffic({ target: 'web', stop: { lift: 'hold' } });
  expect(told).toEqual([
    'web ada: requests are held, each for 5 s at the most',
    'web ada: requests go on',
  ]);
});

test('what no proxy stands before, or nobody deployed, is refused in words', async () => {
  const stop = { lift: 'hold' } as const;
  const refused = (target: string | null) => expect(stopTraffic({ target, stop })).rejects;
  await refused('tiles').toMatchObject({ code: 'no_proxy', exit: 3 });
  await refused('wbe').toMatchObject({ code: 'target_unknown', hint: 'Did you mean web?' });
  works = [];
  await refused(null).toMatchObject({
    code: 'target_unknown',
    message: 'No service was deployed to production on this host.',
    exit: 4,
  });
});

function stopTraffic(ask: Pick<StopTrafficAsk, 'target' | 'stop'>): Promise<readonly string[]> {
  const known = () => works;
  const stop = createStopTraffic({
    host: 'web-1',
    notebook: { latest: known, lastDone: known },
    makeTarget: async ({ target }) => ({ stops: stopsOf(target) }) as Target,
    on: (event) => {
      if (event.kind === 'by-hand') told.push(`${event.work.target} ${event.by}: ${event.message}`);
    },
  });
  return stop({ environment: 'production', by: 'ada', ...ask });
}

function stopsOf(target: string): TargetStops {
  return {
    check: async (kind) => {
      if (target === unable) throw new SallyportError({ code: 'not_supported', message: kind });
    },
    set: async ({ kind }, by) => void asked.push(`${target} ${kind} ${by}`),
    lift: async (kind) => void asked.push(`${target} ${kind} over`),
  };
}

function workOf(target: string, kind: string): Work {
  const job = { environment: 'production' };
  return { deployment: 1, target, host: 'web-1', job, config: { kind } } as Work;
}
