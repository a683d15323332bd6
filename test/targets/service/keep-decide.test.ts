import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decideKeep,
  type Memories,
  type Seen,
  type TrafficSeen,
} from '../../../src/targets/service/keep-decide.ts';
import {
  newMemory,
  remember,
  restarted,
  type KeepRules,
  type SlotMemory,
  type SlotSeen,
} from '../../../src/targets/service/keep-memory.ts';

const rules: KeepRules = {
  rise: 2,
  fall: 3,
  deadline: 60_000,
  enabled: true,
  initial: 1000,
  max: 60_000,
  fallback: true,
  graceMs: 0,
};
const good: SlotSeen = { running: true, pid: 7, ended: null, answer: 'good', why: '' };
const bad: SlotSeen = { running: true, pid: 7, ended: null, answer: 'bad', why: 'GET /: 500' };
const idle: SlotSeen = { running: true, pid: 7, ended: null, answer: 'unasked', why: '' };
const dead: SlotSeen = { running: false, pid: null, ended: 1, answer: 'unasked', why: '' };
const right: TrafficSeen = { kind: 'to', slot: 'blue', isRight: true };
const calm: Seen = { live: 'blue', traffic: right, own: good, other: idle, mayFallBack: true };

/** As often as that in a row, from a first look at the time 0 on, a second apart. */
function after(looks: readonly SlotSeen[], from: SlotMemory = newMemory(0)): SlotMemory {
  return looks.reduce((memory, look, at) => remember(memory, look, rules, at * 1000), from);
}

const proven = after([good, good]);

function decide(seen: Partial<Seen>, own: SlotMemory = proven, now = 10_000, more = {}) {
  const memories: Memories = { blue: own, green: proven };
  return decideKeep({ ...calm, ...seen }, memories, { ...rules, ...more }, now);
}

const restart = { kind: 'restart', slot: 'blue', why: 'the program ended with 1' };

test.each<[string, Partial<Seen>, SlotMemory, object]>([
  ['all is well', {}, proven, { actions: [], health: 'healthy', why: null, againInMs: null }],
  [
    'the proxy forgot the route',
    { traffic: { kind: 'missing' } },
    proven,
    { actions: [{ kind: 'route', to: 'blue' }], health: 'unhealthy' },
  ],
  [
    'the proxy does not answer',
    { traffic: { kind: 'silent', why: 'ECONNREFUSED' } },
    proven,
    { actions: [{ kind: 'route', to: 'blue' }], why: 'the proxy does not answer: ECONNREFUSED' },
  ],
  [
    'somebody switched by hand',
    { traffic: { kind: 'to', slot: 'green', isRight: false } },
    proven,
    {
      actions: [{ kind: 'route', to: 'blue' }],
      why: 'the proxy sends traffic to green, not to blue',
    },
  ],
  [
    'the proxy forgot, and neither slot is healthy: the route stays',
    { traffic: { kind: 'missing' }, own: bad, other: bad },
    after([good, good, bad]),
    { actions: [], health: 'degraded' },
  ],
  [
    'one bad answer is none yet',
    { own: bad },
    after([good, good, bad]),
    { actions: [], health: 'degraded' },
  ],
  [
    'the live program ended, and the warm one answers',
    { own: dead, other: good },
    proven,
    {
      actions: [{ kind: 'fall-back', from: 'blue', to: 'green', why: restart.why }, restart],
      health: 'degraded',
    },
  ],
  ['it ended, and the warm one is ill', { own: dead, other: bad }, proven, { actions: [restart] }],
  ['it ended, and there is no other', { own: dead, other: null }, proven, { actions: [restart] }],
  [
    'it ended, and what is in the other slot never had traffic',
    { own: dead, other: good, mayFallBack: false },
    proven,
    { actions: [restart], health: 'unhealthy' },
  ],
  [
    'it hangs',
    { own: bad, other: null },
    after([good, good, bad, bad, bad]),
    { actions: [{ kind: 'restart', slot: 'blue', why: 'GET /: 500' }] },
  ],
  [
    'it is starting',
    { own: bad, other: good },
    after([bad, bad, bad, bad]),
    { actions: [], health: 'progressing', againInMs: 250 },
  ],
  [
    'the warm program ended',
    { other: dead },
    proven,
    { actions: [{ ...restart, slot: 'green' }], health: 'healthy' },
  ],
])('%s', (_name, seen, memory, expected) => {
  expect(decide(seen, memory)).toMatchObject(expected);
});

test('a program that never answers is started again after its deadline', () => {
  const memory = after([bad, bad]);
  expect(decide({ own: bad, other: null }, memory, 59_000).actions).toEqual([]);
  expect(decide({ own: bad, other: null }, memory, 60_000).actions).toMatchObject([
    { kind: 'restart' },
  ]);
});

test('with systemd, an ended program is left to it for a while; traffic does not wait', () => {
  const memory = remember(proven, dead, rules, 10_000);
  const grace = { graceMs: 15_000 };
  expect(decide({ own: dead, other: null }, memory, 24_000, grace).actions).toEqual([]);
  expect(decide({ own: dead, other: null }, memory, 25_000, grace).actions).toEqual([restart]);
  expect(decide({ own: dead, other: good }, memory, 11_000, grace).actions).toMatchObject([
    { kind: 'fall-back', to: 'green' },
  ]);
});

test('with systemd, what it started again meanwhile gets its time to start', () => {
  const another = { ...bad, pid: 8 };
  const memory = after([good, good, bad, bad, another, another, another]);
  expect(memory.window.verdict).toBe('progressing');
  expect(decide({ own: another, other: null }, memory, 20_000).actions).toEqual([]);
  expect(decide({ own: another, other: null }, memory, 70_000).actions).toMatchObject([
    { kind: 'restart' },
  ]);
});

test('without fallback traffic stays; without liveness programs are left alone and the route is mended', () => {
  const seen = { own: dead, other: good };
  expect(decide(seen, proven, 10_000, { fallback: false }).actions).toEqual([restart]);
  expect(decide(seen, proven, 10_000, { enabled: false })).toMatchObject({
    actions: [],
    health: 'unhealthy',
  });
  const forgot: Partial<Seen> = { traffic: { kind: 'missing' } };
  expect(decide(forgot, proven, 10_000, { enabled: false }).actions).toEqual([
    { kind: 'route', to: 'blue' },
  ]);
});

test('a crash loop is started again after 0, 1, 2, 4 … seconds, at most once a minute', () => {
  let memory = newMemory(0);
  const starts: number[] = [];
  for (let now = 0; now <= 400_000; now += 250) {
    memory = remember(memory, dead, rules, now);
    const { actions } = decide({ own: dead, other: null }, memory, now);
    if (actions.length === 0) continue;
    starts.push(now);
    memory = restarted(memory, now);
  }
  const pauses = starts.slice(1).map((at, index) => (at - starts[index]!) / 1000);
  expect(starts[0]).toBe(0);
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60]);
});

test('healthy for long enough, the pauses begin anew', () => {
  const ill = { ...newMemory(0), restarts: 7, restartedAt: 0 };
  expect(remember(remember(ill, good, rules, 1000), good, rules, 60_000).restarts).toBe(7);
  expect(remember(remember(ill, good, rules, 1000), good, rules, 61_000).restarts).toBe(0);
});

test('while the live slot fails again and again, a way back is made ready, and taken', () => {
  const failing = { ...after([bad, bad]), restarts: 2, restartedAt: 0 };
  expect(decide({ own: bad, other: dead }, failing).actions).toEqual([
    { ...restart, slot: 'green' },
  ]);
  expect(decide({ own: bad, other: good }, failing).actions).toMatchObject([{ kind: 'fall-back' }]);
});

const slotSeen = fc.record({
  running: fc.boolean(),
  pid: fc.constantFrom(null, 7, 8),
  ended: fc.constantFrom(null, 1, 'SIGKILL'),
  answer: fc.constantFrom('good' as const, 'bad' as const),
  why: fc.constant('GET /: 500'),
});
const look: fc.Arbitrary<Seen> = fc.record({
  live: fc.constantFrom('blue' as const, 'green' as const),
  traffic: fc.constantFrom<TrafficSeen>(right, { kind: 'missing' }, { kind: 'silent', why: 'x' }),
  own: slotSeen,
  other: fc.option(slotSeen),
  mayFallBack: fc.boolean(),
});

test('traffic is only ever sent to a slot that just answered well, and nothing is started too often', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(look, fc.integer({ min: 1, max: 20_000 })), { maxLength: 60 }),
      (looks) => {
        let memories: Memories = { blue: newMemory(0), green: newMemory(0) };
        const last: Partial<Record<string, number>> = {};
        let now = 0;
        for (const [seen, pause] of looks) {
          now += pause;
          const other = seen.live === 'blue' ? 'green' : 'blue';
          const spare = seen.other
            ? remember(memories[other], seen.other, rules, now)
            : memories[other];
          const own = remember(memories[seen.live], seen.own, rules, now);
          memories =
            seen.live === 'blue' ? { blue: own, green: spare } : { blue: spare, green: own };
          const { actions } = decideKeep(seen, memories, rules, now);
          for (const action of actions) {
            if (action.kind === 'route')
              expect([seen.own.running, seen.own.answer]).toEqual([true, 'good']);
            if (action.kind === 'fall-back') {
              expect(seen.mayFallBack && seen.other?.running && seen.other.answer).toBe('good');
            }
            if (action.kind !== 'restart') continue;
            expect(now - (last[action.slot] ?? -Infinity)).toBeGreaterThanOrEqual(rules.initial);
            last[action.slot] = now;
            memories = { ...memories, [action.slot]: restarted(memories[action.slot], now) };
          }
          const started = actions.flatMap((action) =>
            action.kind === 'restart' ? [action.slot] : [],
          );
          expect(new Set(started).size).toBe(started.length);
        }
      },
    ),
  );
});
