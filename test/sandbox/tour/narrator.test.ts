import fc from 'fast-check';
import { expect, test } from 'vitest';
import { narrate, type Paint } from '../../../src/sandbox/tour/narrator.ts';
import { wrap } from '../../../src/sandbox/tour/wrap.ts';

const same = (text: string): string => text;
const noPaint: Paint = { bold: same, dim: same, green: same, red: same, cyan: same };

function told(tell: (say: ReturnType<typeof narrate>) => void): string {
  let text = '';
  tell(narrate((piece) => (text += piece), noPaint));
  return text;
}

test('a story fits 80 columns, its lines below each other', () => {
  const long = 'the database that this release needs is not there, and nobody knows why. '.repeat(
    3,
  );
  const text = told((say) => {
    say.part('A comment deploys it');
    say.types('ada', `/deploy production ${long}`);
    say.step('probe', 4_900, `slot green: not healthy after 5000 ms; ${long}`);
    say.fact(long);
    say.note(`GitHub shows deployment 1037: failure (${long})`);
  });
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(text).toContain('  ✗ probe                    4.9 s\n    slot green: not healthy');
  expect(text).toMatch(/\n {2}✓ the database .*\n {4}\S/);
});

test('what others wrote cannot move the cursor', () => {
  expect(told((say) => say.quote(['a\u001B[2Jb\rc']))).toBe('    │ a [2Jb c\n');
});

test('an address is never broken, and columns that people aligned stay', () => {
  const url = `http://127.0.0.1:1/${'x'.repeat(100)}`;
  expect(wrap(`look at ${url} now`, 20)).toEqual(['look at', url, 'now']);
  expect(wrap('its state        sallyport status', 40)).toEqual([
    'its state        sallyport status',
  ]);
});

test('wrapping loses no word', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^\S{1,30}$/)), fc.nat(60), (words, columns) => {
      expect(wrap(words.join(' '), columns).join(' ')).toBe(words.join(' '));
    }),
  );
});
