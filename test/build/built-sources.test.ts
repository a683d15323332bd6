import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { escapeNonAscii } from '../../scripts/ascii-only.ts';
import { requireBuiltins } from '../../scripts/plain-builtins.ts';

test('what is not ASCII is the same in an escape', () => {
  const texts = [
    '"ä … 😀"',
    '`÷${1}…`',
    "'\\…'",
    "'\\\\…'",
    '/^[ä…]\\…$/.source.length > 0 && "…"',
  ];
  for (const text of texts) {
    const escaped = escapeNonAscii(text);
    expect(escaped).toMatch(/^[\0-\x7f]*$/);
    expect(evaluate(escaped)).toBe(evaluate(text));
  }
  expect(evaluate(escapeNonAscii('/^[😀…]\\…$/u.test("😀…")'))).toBe(true);
});

test('Node’s modules are asked for with require, however they are imported', () => {
  const imports = [
    'import { spawn } from "node:child_process";',
    'import fs, { openSync as open$1, readSync } from "node:fs";',
    'import * as path from "node:path";',
    'import process$1 from "node:process";',
    'import { t as other } from "./chunks/other.js";',
  ];
  expect(requireBuiltins(imports.join('\n'))).toBe(
    [
      'const { spawn } = require("node:child_process");',
      'const fs = require("node:fs"); const { openSync: open$1, readSync } = require("node:fs");',
      'const path = require("node:path");',
      'const process$1 = require("node:process");',
      'import { t as other } from "./chunks/other.js";',
    ].join('\n'),
  );
});

function evaluate(code: string): unknown {
  return runInNewContext(code);
}
