import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { description } from './github-description.ts';

const plain = createAjv(false);
/** Parameters arrive as text: `7` may stand for a number, `true` for a boolean. */
const coercing = createAjv(true);

/**
 * Holds a value against the schema at a JSON pointer of the description. Compiled when first
 * asked for, since no test needs them all.
 */
export function violationsOfSchema(
  pointer: string,
  value: unknown,
  options: { readonly coerce?: boolean } = {},
): string[] {
  // Coercion writes into what it is given, so it gets a holder of its own.
  return options.coerce === true
    ? problemsOf(coercing(pointer, 'parameter'), { parameter: value })
    : problemsOf(plain(pointer), overTheWire(value));
}

/** The value as its receiver parses it: without undefined fields, with dates as text. */
export function overTheWire(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}

/** Ajv's errors as lines; the branches of an `anyOf` that did not fit are told once, shortest first. */
export function problemsOf(validate: ValidateFunction, value: unknown): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(told);
}

function told(error: ErrorObject): string {
  const { additionalProperty, allowedValues, allowedValue } = error.params as Record<
    string,
    unknown
  >;
  const facts = additionalProperty ?? allowedValues ?? allowedValue;
  const path = error.instancePath.replace(/^\/parameter/, '');
  return `${path}: ${error.message ?? error.keyword}${facts === undefined ? '' : ` ${JSON.stringify(facts)}`}`;
}

type Compile = (pointer: string, wrapped?: string) => ValidateFunction;

function createAjv(coerceTypes: boolean): Compile {
  const ajv = new Ajv2020({ strict: false, allErrors: true, coerceTypes });
  addFormats.default(ajv);
  ajv.addFormat('repo.nwo', /^[^/]+\/[^/]+$/);
  ajv.addSchema(description, 'github');
  const compiled = new Map<string, ValidateFunction>();
  return (pointer, wrapped) => {
    const known = compiled.get(pointer);
    if (known) return known;
    const schema = { $ref: `github#${encodeURI(pointer)}` };
    const validate = ajv.compile(wrapped ? { properties: { [wrapped]: schema } } : schema);
    compiled.set(pointer, validate);
    return validate;
  };
}
