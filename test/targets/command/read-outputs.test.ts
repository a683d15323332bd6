import { expect, test } from 'vitest';
import { readOutputs } from '../../../src/targets/command/read-outputs.ts';
import { outputVariables } from '../../../src/targets/output-variables.ts';

test('outputs are values, or what `tofu output -json` prints', () => {
  const printed = {
    address: { sensitive: false, type: 'string', value: '10.0.0.1' },
    ports: { sensitive: false, type: ['list', 'number'], value: [80, 443] },
    password: { sensitive: true, type: 'string', value: 'x' },
    plain: 'text',
    object: { value: 1 },
    nothing: null,
  };
  expect(readOutputs(JSON.stringify(printed), [])).toEqual({
    address: '10.0.0.1',
    ports: [80, 443],
    plain: 'text',
    object: { value: 1 },
    nothing: null,
  });
});

test('what has a secret in it is left out', () => {
  const printed = {
    url: 'postgres://u:hun"ter2@db',
    token: '[secret]',
    nested: { a: ['[secret]'] },
    ok: 1,
  };
  expect(readOutputs(JSON.stringify(printed), ['hun"ter2', ''])).toEqual({ ok: 1 });
});

test.each(['', 'no', '[]', '"text"', '{"a b": 1}', '{"": 1}'])('refused as outputs: %s', (text) => {
  expect(() => readOutputs(text, [])).toThrow(/what outputs printed/);
});

test('outputs of earlier targets are variables', () => {
  const outputs = { 'data-base': { 'url.rw': 'a b', ports: [1], none: null }, web: {} };
  expect(outputVariables(outputs)).toEqual({
    SALLYPORT_OUTPUT_DATA_BASE_URL_RW: 'a b',
    SALLYPORT_OUTPUT_DATA_BASE_PORTS: '[1]',
    SALLYPORT_OUTPUT_DATA_BASE_NONE: 'null',
  });
  expect(() => outputVariables({ a: { 'b-c': 1, b_c: 2 } })).toThrow(/two outputs/);
});
