import { z } from 'zod';
import { nearest } from '../model/nearest.ts';
import { laterKinds, kinds } from './environment.ts';
import { laterKeysOf } from './later.ts';
import { maxProblems, pathText, type Path } from './problem.ts';

/** A problem of a value, before it is known where the value stands in the file. */
export interface ValueProblem {
  readonly path: Path;
  /** Whether the key itself is wrong, or what stands behind it. */
  readonly on: 'key' | 'value';
  readonly message: string;
  readonly expected?: string;
  readonly did_you_mean?: string;
}

/**
 * Holds a value against a schema. A schema's own `error` text is either what is expected there
 * (`a port from 1 to 65535`) or, on a refinement, what is wrong (`must stay inside …`).
 */
export function check<T extends z.ZodType>(
  schema: T,
  value: unknown,
): { ok: true; value: z.output<T> } | { ok: false; problems: readonly ValueProblem[] } {
  const sections = new Map<string, z.core.$ZodType>();
  const result = schema.safeParse(value, {
    reportInput: true,
    error: (issue) => {
      if (issue.code === 'unrecognized_keys' && issue.schema) {
        sections.set(pathText(stepsOf(issue.path ?? [])), issue.schema);
      }
      return expectation(issue);
    },
  });
  if (result.success) return { ok: true, value: result.data };
  const problems = result.error.issues.flatMap((issue) => {
    const path = stepsOf(issue.path);
    if (issue.code !== 'unrecognized_keys') return [problemOf(issue, path)];
    const schemaThere = sections.get(pathText(path));
    return issue.keys.slice(0, maxProblems).map((key) => unknownKey(key, path, schemaThere));
  });
  return { ok: false, problems };
}

function problemOf(issue: z.core.$ZodIssue, path: Path): ValueProblem {
  const name = path.length === 0 ? 'The file' : `\`${pathText(path)}\``;
  if (issue.code === 'custom') return { path, on: 'value', message: `${name} ${issue.message}.` };
  if (issue.code === 'invalid_key') return wrongName(issue, path);
  if (issue.code === 'invalid_union' && issue.discriminator === 'kind')
    return wrongKind(issue, path);
  const { input, message: expected } = issue;
  if (input === undefined) {
    return { path, on: 'key', message: `${name} is missing; expected ${expected}.`, expected };
  }
  const meant =
    issue.code === 'invalid_value' && typeof input === 'string'
      ? nearest(input, issue.values.map(String))
      : undefined;
  return {
    path,
    on: 'value',
    message: `${name} is ${show(input)}; expected ${expected}.${question(meant)}`,
    expected,
    ...(meant === undefined ? {} : { did_you_mean: meant }),
  };
}

function wrongName(issue: z.core.$ZodIssueInvalidKey, path: Path): ValueProblem {
  const [inner] = issue.issues;
  const what = inner?.code === 'custom' ? inner.message : `is not ${inner?.message ?? 'a name'}`;
  return { path, on: 'key', message: `\`${pathText(path)}\` ${what}.` };
}

function wrongKind(issue: z.core.$ZodIssueInvalidUnion, path: Path): ValueProblem {
  const supported = `supported: ${kinds.join(', ')}`;
  const given = kindOf(issue.input);
  const place = `\`${pathText(path)}\``;
  if (given === undefined) {
    return {
      path,
      on: 'key',
      message: `${place} is missing; ${supported}.`,
      expected: kinds.join(', '),
    };
  }
  if (typeof given === 'string' && (laterKinds as readonly string[]).includes(given)) {
    return {
      path,
      on: 'value',
      message: `The kind \`${given}\` is not built yet; ${supported}.`,
    };
  }
  const meant = typeof given === 'string' ? nearest(given, kinds) : undefined;
  return {
    path,
    on: 'value',
    message: `${place} is ${show(given)}; ${supported}.${question(meant)}`,
    expected: kinds.join(', '),
    ...(meant === undefined ? {} : { did_you_mean: meant }),
  };
}

function unknownKey(key: string, around: Path, schema: z.core.$ZodType | undefined): ValueProblem {
  const path = [...around, key];
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const later = schema ? laterKeysOf(schema) : [];
  if (later.includes(key)) {
    return { path, on: 'key', message: `\`${pathText(path)}\` is not supported yet.` };
  }
  const meant = nearest(key, known);
  return {
    path,
    on: 'key',
    message: `\`${pathText(path)}\` is not known.${question(meant)}`,
    expected: known.join(', '),
    ...(meant === undefined ? {} : { did_you_mean: meant }),
  };
}

/** What is expected where a schema says nothing itself. */
function expectation(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.map((value) => `\`${String(value)}\``).join(' or ');
    case 'too_small':
      return `at least ${issue.minimum}`;
    case 'too_big':
      return `at most ${issue.maximum}`;
    default:
      return 'something else';
  }
}

const typeNames: Readonly<Record<string, string>> = {
  object: 'a map',
  record: 'a map',
  array: 'a list',
  tuple: 'a list',
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

function kindOf(input: unknown): unknown {
  return typeof input === 'object' && input !== null && 'kind' in input ? input.kind : undefined;
}

function show(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function question(meant: string | undefined): string {
  return meant === undefined ? '' : ` Did you mean \`${meant}\`?`;
}

function stepsOf(path: readonly PropertyKey[]): Path {
  return path.map((step) => (typeof step === 'number' ? step : String(step)));
}
