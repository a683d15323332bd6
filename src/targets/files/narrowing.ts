import type { FieldChange } from './field-changes.ts';

/** Other names of types that mean the same. */
const aliases: Readonly<Record<string, string>> = {
  int2: 'smallint',
  int: 'integer',
  int4: 'integer',
  int32: 'integer',
  long: 'bigint',
  int8: 'bigint',
  int64: 'bigint',
  float: 'double',
  float8: 'double',
  'double precision': 'double',
  float4: 'real',
  decimal: 'numeric',
  number: 'numeric',
  bool: 'boolean',
  string: 'text',
  str: 'text',
  char: 'varchar',
  'character varying': 'varchar',
  datetime: 'timestamp',
  timestamptz: 'timestamp',
};

/** The types that hold every value of a type, nearest first. */
const wider: Readonly<Record<string, readonly string[]>> = {
  smallint: ['integer', 'bigint', 'real', 'double', 'numeric', 'text'],
  integer: ['bigint', 'double', 'numeric', 'text'],
  bigint: ['numeric', 'text'],
  real: ['double', 'numeric', 'text'],
  double: ['numeric', 'text'],
  numeric: ['text'],
  boolean: ['text'],
  date: ['timestamp', 'text'],
  time: ['text'],
  timestamp: ['text'],
  uuid: ['text'],
  varchar: ['text'],
  text: ['any'],
  point: ['multipoint', 'geometry'],
  linestring: ['multilinestring', 'geometry'],
  polygon: ['multipolygon', 'geometry'],
  multipoint: ['geometry'],
  multilinestring: ['geometry'],
  multipolygon: ['geometry'],
  geometry: ['any'],
};

/** What fields mean that limit values, by their name in lower case without `_` and `-`. */
const limits: Readonly<Record<string, (from: unknown, to: unknown) => boolean>> = {
  type: isNarrowerType,
  datatype: isNarrowerType,
  length: isLower,
  maxlength: isLower,
  maximum: isLower,
  minlength: (from, to) => isLower(to, from),
  minimum: (from, to) => isLower(to, from),
  nullable: (from, to) => from !== false && to === false,
  notnull: (from, to) => from !== true && to === true,
  required: (from, to) => from !== true && to === true,
};

/** Whether values that were allowed before are not any more: `text` becomes `integer`. */
export function isNarrowed({ path, kind, from, to }: FieldChange): boolean {
  const [parent, name] = path.slice(-2).map(normal);
  if (typeof path.at(-1) === 'number' && path.length > 1) {
    // JSON Schema: `enum` and a list of types allow, a list of required fields forbids.
    return kind === 'removed' ? parent === 'enum' || parent === 'type' : parent === 'required';
  }
  const last = name ?? parent ?? '';
  if (last === 'enum') return kind === 'added';
  const narrows = Object.hasOwn(limits, last) ? limits[last] : undefined;
  if (narrows === undefined) return false;
  // A type that is taken away allows everything.
  return kind === 'removed' && narrows === isNarrowerType ? false : narrows(from, to);
}

function isNarrowerType(from: unknown, to: unknown): boolean {
  if (typeof from !== 'string' || typeof to !== 'string') return false;
  const [before, after] = [typeOf(from), typeOf(to)];
  if (before.name === after.name) return isShorter(before.sizes, after.sizes);
  if (before.name === 'text') return after.name !== 'any';
  const all = wider[before.name];
  if (all === undefined || (wider[after.name] === undefined && after.name !== 'any')) return false;
  return !all.includes(after.name) && after.name !== 'any';
}

/** `varchar(20)`, `numeric(10, 2)` */
function typeOf(text: string): { readonly name: string; readonly sizes: readonly number[] } {
  const [, base = '', sizes = ''] = /^([^(]*)(?:\(([\d\s,]*)\))?/.exec(text.slice(0, 200)) ?? [];
  const plain = base.trim().toLowerCase();
  const name = Object.hasOwn(aliases, plain) ? aliases[plain]! : plain;
  return {
    name,
    sizes: sizes
      .split(',')
      .filter((size) => size.trim() !== '')
      .map(Number),
  };
}

/** No size at all is the largest. */
function isShorter(before: readonly number[], after: readonly number[]): boolean {
  return after.some((size, at) => before[at] === undefined || size < before[at]);
}

function isLower(from: unknown, to: unknown): boolean {
  return typeof to === 'number' && (typeof from !== 'number' || to < from);
}

function normal(part: string | number | undefined): string {
  return String(part).toLowerCase().replaceAll(/[_-]/g, '');
}
