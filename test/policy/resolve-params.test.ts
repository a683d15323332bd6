import { expect, test } from 'vitest';
import type { Param } from '../../src/config/params.ts';
import { paramsFor, resolveParams } from '../../src/policy/resolve-params.ts';

function param(more: Partial<Param> = {}): Param {
  return { type: 'string', required: false, ...more };
}

const web = {
  name: 'web',
  config: {
    params: {
      replicas: param({ type: 'number', default: 2 }),
      debug: param({ type: 'boolean' }),
      size: param({ choices: ['small', 'very large'], default: 'small' }),
      note: param(),
    },
  },
};
const defaults = { 'param.replicas': '2', 'param.size': 'small' };

test.each([
  ['nothing', {}, {}, defaults],
  [
    'what was typed',
    { replicas: '3', note: '' },
    {},
    { ...defaults, 'param.replicas': '3', 'param.note': '' },
  ],
  [
    'what a promoted job had',
    {},
    { replicas: '5', gone: '1' },
    { ...defaults, 'param.replicas': '5' },
  ],
  [
    'what was typed over it',
    { replicas: '6' },
    { replicas: '5' },
    { ...defaults, 'param.replicas': '6' },
  ],
])('resolves %s', (_, typed, carried, params) => {
  expect(resolveParams({ typed, carried }, [web])).toEqual({ ok: true, params });
});

test.each([
  [{ replica: '3' }, 'No target here takes the parameter replica', 'Did you mean replicas?'],
  [
    { constructor: '3' },
    'No target here takes the parameter constructor',
    /^The parameters there are/,
  ],
  [{ replicas: 'three' }, 'web takes a number such as 3 or -0.5 as replicas', /\| replicas=3$/],
  [{ replicas: '0x10' }, 'web takes a number such as 3 or -0.5 as replicas', /./],
  [{ replicas: '' }, 'web takes a number such as 3 or -0.5 as replicas', /./],
  [{ replicas: '1e9' }, 'web takes a number such as 3 or -0.5 as replicas', /./],
  [{ debug: 'yes' }, 'web takes true or false as debug', /\| debug=true$/],
  [{ size: 'Small' }, 'web takes one of small, very large as size', /\| size=small$/],
])('refuses %j', (typed, message, hint) => {
  const refused = resolveParams({ typed: typed as Record<string, string> }, [web]);
  expect(refused).toEqual({ ok: false, message, hint: expect.stringMatching(hint) as unknown });
});

test('says what a missing one is for', () => {
  const job = {
    name: 'job',
    config: { params: { why: param({ required: true, describe: 'a ticket' }) } },
  };
  expect(resolveParams({ typed: {} }, [web, job])).toMatchObject({
    ok: false,
    message: 'job needs the parameter why (a ticket)',
  });
});

test('a name that two targets declare has to suit both, and each keeps its own default', () => {
  const other = { name: 'api', config: { params: { replicas: param({ default: 'many' }) } } };
  expect(resolveParams({ typed: { replicas: 'few' } }, [web, other])).toMatchObject({ ok: false });
  const resolved = resolveParams({ typed: {} }, [web, other]);
  expect(resolved).toEqual({ ok: true, params: { 'param.size': 'small' } });
  expect(paramsFor({}, other.config)).toEqual({ replicas: 'many' });
  expect(paramsFor({ 'param.replicas': '9', 'param.x': '1' }, other.config)).toEqual({
    replicas: '9',
  });
});
