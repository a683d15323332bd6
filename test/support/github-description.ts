import { readFileSync } from 'node:fs';

/** A JSON Schema, or a reference to one inside the description. */
export interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

export interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
}

export interface Body {
  readonly $ref?: string;
  readonly required?: boolean;
  readonly content?: { readonly 'application/json'?: { readonly schema: Schema } };
}

export interface Operation {
  readonly parameters: readonly Parameter[];
  readonly requestBody?: Body;
  readonly responses: Readonly<Record<string, Body>>;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** GitHub's description of the operations in use, made by scripts/derive-openapi.ts. */
export const description = JSON.parse(
  readFileSync(new URL('../fixtures/github/openapi.json', import.meta.url), 'utf8'),
) as Description;

/** A part of the description with the JSON pointer where it stands. */
export interface Located<Part> {
  readonly part: Part;
  readonly pointer: string;
}

/** The part behind a pointer; references are followed. */
export function locate<Part extends object>(pointer: string): Located<Part> {
  let part: unknown = description;
  for (const step of pointer.split('/').slice(1)) {
    part = (part as Record<string, unknown>)[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  const reference = (part as { $ref?: string }).$ref;
  if (reference !== undefined) return locate(reference.slice(1));
  return { part: part as Part, pointer };
}

export function pointerTo(...steps: readonly (string | number)[]): string {
  return steps
    .map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

/** The names that an object of this schema may have, or null where any will do. */
export function propertyNames(schema: Schema): ReadonlySet<string> | null {
  if (schema.$ref !== undefined) return propertyNames(locate<Schema>(schema.$ref.slice(1)).part);
  if (schema.additionalProperties === true) return null;
  const branches = [schema.allOf, schema.anyOf, schema.oneOf].flatMap((each) => each ?? []);
  const named = branches.flatMap((branch) => [...(propertyNames(branch) ?? [])]);
  const names = new Set([...Object.keys(schema.properties ?? {}), ...named]);
  return names.size === 0 ? null : names;
}
