import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { jsonSchemas } from '../../src/config/json-schema.ts';
import { configurationReference } from '../../src/config/reference.ts';
import { key, web } from './samples.ts';

const [repository] = jsonSchemas();
const isValid = new Ajv2020({ strict: false, validateFormats: false }).compile(
  JSON.parse(repository!.text) as object,
);

test('what is checked in is what the schemas make', () => {
  for (const { path, text } of [...jsonSchemas(), configurationReference()]) {
    expect(readFileSync(path, 'utf8')).toBe(text);
  }
});

test('the JSON Schema takes what Sallyport takes', () => {
  const text = `version: 1
targets:
${web}    drain: 30s
    env: { clear: { A: 1 } }
agents: { a: { key: "${key}", environments: [production] } }
environments: { production: { targets: [web], trigger: { tags: "v*" }, override: { web: { keep: 3 } } } }
`;
  expect(isValid(parse(text)), JSON.stringify(isValid.errors)).toBe(true);
});

test.each([
  'version: 2',
  'version: 1\nx: 1',
  'version: 1\ntargets: { web: { kind: service } }',
  'version: 1\nenvironments: { p: { override: { web: { ports: { x: 1 } } } } }',
])('the JSON Schema refuses %j', (text) => {
  expect(isValid(parse(text))).toBe(false);
});
