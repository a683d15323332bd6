import { expect, test } from 'vitest';
import { chooseSlot, type Rules } from '../../../../src/adapters/proxy/builtin/choose-slot.ts';

interface Named {
  readonly slot: string;
}

const blue = { slot: 'blue' };
const green = { slot: 'green' };
const plain: Rules<Named> = {
  name: 'web',
  serverNames: [],
  maintenance: null,
  preview: { header: 'X-Slot', cookie: 'slot' },
  find: (name) => ({ blue, green })[name] ?? null,
  canary: null,
  current: blue,
};
const canary = { slot: green, share: 0.5, cookie: 'place' };

function choose(rules: Partial<Rules<Named>>, headers: object = {}, place = 0): unknown {
  const asked = { headers: { host: 'shop.example', ...headers }, secure: true };
  const choice = chooseSlot({ ...plain, ...rules }, asked, () => place);
  return choice.kind === 'slot' ? choice.slot.slot : choice.refusal.code;
}

test.each([
  ['the slot in force', {}, {}, 'blue'],
  ['nobody, where there is none', { current: { why: 'nothing yet' } }, {}, 'no_healthy_slot'],
  ['the slot that a header names', {}, { 'x-slot': 'green' }, 'green'],
  ['the slot that a cookie names', {}, { cookie: 'a=1; slot=green' }, 'green'],
  ['the slot in force, where the named one is unknown', {}, { 'x-slot': 'red' }, 'blue'],
  [
    'the slot in force, where nobody may look ahead',
    { preview: null },
    { 'x-slot': 'green' },
    'blue',
  ],
  [
    'a slot to look at before the first switch',
    { current: { why: '' } },
    { 'x-slot': 'green' },
    'green',
  ],
  ['nobody, in maintenance', { maintenance: 'Back soon' }, { 'x-slot': 'green' }, 'maintenance'],
  ['whoever asks by name', { serverNames: ['shop.example'] }, { host: 'SHOP.example:443' }, 'blue'],
  ['whoever asks by a name below', { serverNames: ['*.example'] }, {}, 'blue'],
  ['nobody by another name', { serverNames: ['a.example'] }, {}, 'name_unknown'],
  ['nobody by the name above', { serverNames: ['*.shop.example'] }, {}, 'name_unknown'],
  ['nobody by no name', { serverNames: ['a.example'] }, { host: undefined }, 'name_unknown'],
  ['the authority of HTTP/2', { serverNames: ['b'] }, { ':authority': 'b', host: 'a' }, 'blue'],
])('gives %s', (_what, rules, headers, expected) => {
  expect(choose(rules, headers)).toBe(expected);
});

test('a canary has those below its share, by their cookie where they have one', () => {
  expect(choose({ canary }, {}, 2 ** 31 - 1)).toBe('green');
  expect(choose({ canary }, {}, 2 ** 31)).toBe('blue');
  expect(choose({ canary }, { cookie: 'place=7fffffff' }, 2 ** 32 - 1)).toBe('green');
  expect(choose({ canary }, { cookie: 'place=80000000' }, 0)).toBe('blue');
  expect(choose({ canary: { ...canary, cookie: null } }, { cookie: 'place=80000000' }, 0)).toBe(
    'green',
  );
});

test('only a new visitor of a sticky canary gets a cookie', () => {
  const cookieFor = (rules: Partial<Rules<Named>>, cookie?: string) => {
    const headers = cookie === undefined ? {} : { cookie };
    const choice = chooseSlot({ ...plain, ...rules }, { headers, secure: true }, () => 1);
    return choice.kind === 'slot' ? choice.setCookie : 'refused';
  };
  expect(cookieFor({ canary })).toBe('place=00000001; Path=/; HttpOnly; SameSite=Lax; Secure');
  expect(cookieFor({ canary }, 'place=00000001')).toBeNull();
  expect(cookieFor({ canary: { ...canary, cookie: null } })).toBeNull();
  expect(cookieFor({})).toBeNull();
});
