import { beforeEach, expect, test } from 'vitest';
import { run } from '../../src/cli/try.ts';
import type { World } from '../../src/cli/world.ts';
import { SallyportError } from '../../src/model/errors.ts';
import type { Narrator } from '../../src/sandbox/tour/narrator.ts';
import type { Rehearsal, RehearsalOptions } from '../../src/sandbox/tour/rehearsal.ts';

let asked: RehearsalOptions | null;
let stops: number;
let printed: string;
let interrupt: AbortController;

beforeEach(() => {
  asked = null;
  stops = 0;
  printed = '';
  interrupt = new AbortController();
});

/** A world whose stand-in refuses the first thing that the story does. */
function worldWhere(happens: () => void): World {
  const tour = {
    github: {
      url: 'http://127.0.0.1:1',
      commit: async () => {
        happens();
        throw new SallyportError({ code: 'refused', message: 'no' });
      },
    },
  };
  const rehearsal = (say: Narrator) =>
    ({
      tour: { ...tour, say },
      urls: [],
      folder: '/tmp/kept',
      stop: async () => void (stops += 1),
    }) as unknown as Rehearsal;
  return {
    stdout: { write: (text: string) => (printed += text), isTTY: false },
    stderr: { write: () => undefined, isTTY: false },
    env: {},
    signal: interrupt.signal,
    parts: {
      rehearsal: async () => async (options: RehearsalOptions) => {
        asked = options;
        return rehearsal(options.say);
      },
    },
  } as unknown as World;
}

const args = (options: Record<string, string | true>) => ({ words: [], options, json: false });

test('a story that goes wrong ends everything and fails', async () => {
  const world = worldWhere(() => undefined);
  await expect(run(args({ once: true }), world)).rejects.toMatchObject({ code: 'refused' });
  expect(stops).toBe(1);
});

test('Ctrl-C is how one leaves; with --once it is no success', async () => {
  const world = worldWhere(() => interrupt.abort());
  expect(await run(args({}), world)).toBe(0);
  await expect(run(args({ once: true }), world)).rejects.toMatchObject({ code: 'interrupted' });
  expect(stops).toBe(2);
});

test('a folder that is kept is named at the end, whatever happened', async () => {
  const world = worldWhere(() => undefined);
  await expect(run(args({ once: true, keep: true }), world)).rejects.toThrow();
  expect(asked).toMatchObject({ keep: true, environment: 'production' });
  expect(printed).toMatch(/Its files are in \/tmp\/kept\n$/);
});
