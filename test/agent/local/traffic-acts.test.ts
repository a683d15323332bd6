import { afterEach, beforeEach, expect, test } from 'vitest';
import { ActRequest } from '../../../src/agent/local/act-request.ts';
import { ActsBench } from './acts-bench.ts';

let bench: ActsBench;

beforeEach(() => {
  bench = new ActsBench();
});
afterEach(() => bench.close());

test('who stopped the traffic is told to the agent, and how to end it to the person', async () => {
  const on = await bench.ask({ verb: 'maintenance', target: 'web', message: 'Later.' });
  expect(on).toMatchObject({
    verb: 'maintenance',
    deployment: null,
    message: 'web in production is in maintenance.',
    next: 'sallyport maintenance production web --off',
  });
  expect(await bench.ask({ verb: 'maintenance', message: null })).toMatchObject({ next: null });
  const held = await bench.ask({ verb: 'hold', for: 5_000 });
  expect([held.message, held.next]).toEqual([
    'tiles in production holds new requests, each for 5 s at the most.',
    'sallyport hold production --off',
  ]);
  await bench.ask({ verb: 'hold', for: null });
  const said = { environment: 'production', by: 'ada' };
  expect(bench.stopped).toEqual([
    { ...said, target: 'web', stop: { kind: 'maintenance', text: 'Later.' } },
    { ...said, target: null, stop: { lift: 'maintenance' } },
    { ...said, target: null, stop: { kind: 'hold', forMs: 5_000 } },
    { ...said, target: null, stop: { lift: 'hold' } },
  ]);
});

test('an environment of another host is refused, and so is whom the host does not listen to', async () => {
  const ask = { verb: 'hold', for: 5_000 } as const;
  await expect(bench.ask({ ...ask, environment: 'prodution' })).rejects.toMatchObject({
    code: 'environment_unknown',
    hint: 'Did you mean production?',
  });
  for (const over of [{ origins: ['git'] }, { origins: ['app'], isOnGithub: true }]) {
    await expect(bench.ask(ask, over)).rejects.toMatchObject({
      code: 'not_allowed_here',
      hint: expect.stringContaining('allow.origins'),
      exit: 3,
    });
  }
  expect(bench.stopped).toEqual([]);
});

test('what is no text, too long, or a hold without end is not taken', () => {
  const asked = {
    request: 'request-1',
    caller: { name: 'ada', uid: 1 },
    environment: 'production',
  };
  const takes = (act: object) => ActRequest.safeParse({ ...asked, ...act }).success;
  const told = (message: string) => takes({ verb: 'maintenance', message });
  expect([told('Zurück um 18:00.\nBis bald'), told('')]).toEqual([true, false]);
  expect([told('\u001b[2J'), told('x'.repeat(2001))]).toEqual([false, false]);
  const held = (ms: number) => takes({ verb: 'hold', for: ms });
  expect([held(1_000), held(600_000), held(999), held(600_001)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
