/**
 * Derives test/fixtures/github/openapi.json from GitHub's own description (`@octokit/openapi`):
 * only the operations in use, only their structure, no prose. GitHub writes OpenAPI 3.0; this
 * writes 3.1, so that every schema is plain JSON Schema 2020-12 (`nullable` becomes a type).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { operations } from './openapi-operations.ts';

type Json = null | boolean | number | string | readonly Json[] | JsonObject;
interface JsonObject {
  readonly [key: string]: Json;
}

/** Keywords that are copied as they stand; the others hold schemas, or prose. */
const plainKeywords = ['type', 'format', 'required', 'enum', 'pattern', 'minimum', 'maximum']
  .concat(['minLength', 'maxLength', 'minItems', 'maxItems', 'uniqueItems'])
  .concat(['minProperties', 'maxProperties']);

const path = 'test/fixtures/github/openapi.json';

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(path, deriveOpenapi().text);

/** The derived file: its path from the project's root, and its whole text. */
export function deriveOpenapi(): { readonly path: string; readonly text: string } {
  const source = readSource();
  const paths = derivePaths(source['paths'] as JsonObject);
  const components = deriveComponents(paths, source['components'] as JsonObject);
  return { path, text: formatLines({ openapi: '3.1.0', paths, components }) };
}

function readSource(): JsonObject {
  const require = createRequire(import.meta.url);
  const file = require.resolve('@octokit/openapi/generated/api.github.com.json');
  return JSON.parse(readFileSync(file, 'utf8')) as JsonObject;
}

function derivePaths(source: JsonObject): JsonObject {
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations) {
    const [method, template] = operation.split(' ') as [string, string];
    const described = (source[template] as JsonObject | undefined)?.[method.toLowerCase()];
    if (!described) throw new Error(`GitHub's description has no ${operation}`);
    (paths[template] ??= {})[method.toLowerCase()] = deriveOperation(described as JsonObject);
  }
  return paths;
}

function deriveOperation(operation: JsonObject): JsonObject {
  const { parameters = [], requestBody, responses } = operation;
  return {
    parameters: (parameters as JsonObject[]).map(deriveParameter),
    ...(requestBody ? { requestBody: deriveBody(requestBody as JsonObject) } : {}),
    responses: mapValues(responses as JsonObject, deriveBody),
  };
}

function deriveParameter(parameter: JsonObject): JsonObject {
  if (parameter['$ref']) return parameter;
  return {
    ...pick(parameter, ['name', 'in', 'required']),
    schema: deriveSchema(parameter['schema'] as JsonObject),
  };
}

/** A request body or a response: GitHub's other media types are variations of the JSON one. */
function deriveBody(body: JsonObject): JsonObject {
  if (body['$ref']) return body;
  const media = (body['content'] as JsonObject | undefined)?.['application/json'] as
    JsonObject | undefined;
  return {
    ...pick(body, ['required']),
    ...(media && {
      content: { 'application/json': { schema: deriveSchema(media['schema'] as JsonObject) } },
    }),
  };
}

function deriveSchema(schema: JsonObject): JsonObject {
  if (schema['$ref']) return { $ref: schema['$ref'] };
  const derived: Record<string, Json> = pick(schema, plainKeywords);
  if (schema['properties'])
    derived['properties'] = mapValues(schema['properties'] as JsonObject, deriveSchema);
  if (schema['items']) derived['items'] = deriveSchema(schema['items'] as JsonObject);
  const additional = schema['additionalProperties'];
  if (additional !== undefined)
    derived['additionalProperties'] =
      typeof additional === 'object' ? deriveSchema(additional as JsonObject) : additional;
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
    const branches = schema[keyword] as JsonObject[] | undefined;
    if (branches)
      derived[isEitherAccount(branches) ? 'anyOf' : keyword] = branches.map(deriveSchema);
  }
  if (schema['not']) derived['not'] = deriveSchema(schema['not'] as JsonObject);
  if (schema['default'] === '' && derived['format'] === 'uri') return allowEmpty(derived);
  return schema['nullable'] === true ? allowNull(derived) : derived;
}

/**
 * The one correction of GitHub's description: in its list of installations an account is asked
 * to be a user and an enterprise at once; one installation on its own has it right.
 */
function isEitherAccount(branches: readonly JsonObject[]): boolean {
  const [first, second] = branches;
  return first?.['title'] === 'Simple User' && second?.['title'] === 'Enterprise';
}

/** GitHub's own default for some links, which it does send, is no URI. */
function allowEmpty(schema: JsonObject): JsonObject {
  return { anyOf: [{ enum: [''] }, schema] };
}

function allowNull(schema: JsonObject): JsonObject {
  const { type, enum: values, ...rest } = schema;
  if (typeof type !== 'string' || rest['allOf'] || rest['anyOf'] || rest['oneOf'])
    return { anyOf: [{ type: 'null' }, schema] };
  return {
    type: [type, 'null'],
    ...(values ? { enum: [...new Set([...(values as Json[]), null])] } : {}),
    ...rest,
  };
}

/** The components that the paths name, and those that these name in turn. */
function deriveComponents(paths: JsonObject, source: JsonObject): JsonObject {
  const components: Record<string, Record<string, Json>> = {};
  const pending = referencesIn(paths);
  for (let reference = pending.pop(); reference; reference = pending.pop()) {
    const [, , kind, name] = reference.split('/') as [string, string, string, string];
    if (components[kind]?.[name]) continue;
    const component = (source[kind] as JsonObject)[name] as JsonObject;
    const derived = deriveComponent(kind, component);
    (components[kind] ??= {})[name] = derived;
    pending.push(...referencesIn(derived));
  }
  return mapValues(sortKeys(components), sortKeys);
}

function deriveComponent(kind: string, component: JsonObject): JsonObject {
  if (kind === 'schemas') return deriveSchema(component);
  if (kind === 'parameters') return deriveParameter(component);
  if (kind === 'responses') return deriveBody(component);
  throw new Error(`no rule to derive components/${kind}`);
}

function referencesIn(value: Json): string[] {
  return [...JSON.stringify(value).matchAll(/"\$ref":"([^"]+)"/g)].map(
    ([, reference]) => reference!,
  );
}

function pick(from: JsonObject, keys: readonly string[]): Record<string, Json> {
  return Object.fromEntries(
    keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]!]),
  );
}

function mapValues(from: JsonObject, change: (value: JsonObject) => JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(from).map(([key, value]) => [key, change(value as JsonObject)]),
  );
}

function sortKeys(from: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(from).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** One path or component a line: small, and still readable as a diff. */
function formatLines(document: JsonObject): string {
  const lists = Object.entries(document['components'] as JsonObject).map(
    ([kind, components]) => `${JSON.stringify(kind)}:${linePerKey(components as JsonObject)}`,
  );
  return `{"openapi":${JSON.stringify(document['openapi'])},
"paths":${linePerKey(document['paths'] as JsonObject)},
"components":{${lists.join(',\n')}}}
`;
}

function linePerKey(object: JsonObject): string {
  const lines = Object.entries(object).map(
    ([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`,
  );
  return `{\n${lines.join(',\n')}\n}`;
}
