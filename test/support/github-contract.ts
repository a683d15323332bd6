/**
 * Holds each exchange against GitHub's own description of its API. Stricter than the description
 * in one thing: a request may only use the parameters and fields that are named there, since a
 * misspelt one would be ignored in silence.
 */
import type { Exchange } from '../../src/sandbox/github/hooks.ts';
import type { Body, Operation, Parameter } from './github-description.ts';
import { description, locate, pointerTo, propertyNames } from './github-description.ts';
import { violationsOfSchema } from './github-schemas.ts';

type Seen = Pick<
  Exchange,
  | 'method'
  | 'template'
  | 'path'
  | 'params'
  | 'query'
  | 'headers'
  | 'body'
  | 'status'
  | 'responseBody'
>;

/** What is wrong with an exchange, each as one readable line; empty where all is well. */
export function violationsOfExchange(seen: Seen): readonly string[] {
  return [...violationsOfRequest(seen), ...violationsOfAnswer(seen)];
}

/** The caller's part: parameters and body. */
function violationsOfRequest(seen: Seen): readonly string[] {
  const found = operationOf(seen);
  if (found === undefined)
    return [`${seen.method} ${seen.path}: GitHub's description has no such operation`];
  const { operation, pointer } = found;
  const problems = [
    ...violationsOfParameters(seen, pointer, operation),
    ...violationsOfRequestBody(seen, pointer, operation),
  ];
  return problems.map((problem) => `${seen.method} ${seen.template} request${problem}`);
}

/** The server's part: status and body. */
export function violationsOfAnswer(seen: Seen): readonly string[] {
  const found = operationOf(seen);
  if (found === undefined) return [];
  const problems = violationsOfResponse(seen, found.pointer, found.operation);
  return problems.map(
    (problem) => `${seen.method} ${seen.template} answer ${seen.status}${problem}`,
  );
}

function operationOf({
  method,
  template,
}: Seen): { readonly operation: Operation; readonly pointer: string } | undefined {
  if (template === null) return undefined;
  const operation = description.paths[template]?.[method.toLowerCase()];
  return operation && { operation, pointer: pointerTo('paths', template, method.toLowerCase()) };
}

function violationsOfParameters(seen: Seen, pointer: string, operation: Operation): string[] {
  const known = operation.parameters.map((_, at) =>
    locate<Parameter>(`${pointer}${pointerTo('parameters', at)}`),
  );
  const inQuery = known.filter(({ part }) => part.in === 'query').map(({ part }) => part.name);
  const unknown = Object.keys(seen.query)
    .filter((name) => !inQuery.includes(name))
    .map((name) => `?${name}: GitHub knows no such parameter`);
  const wrong = known.flatMap(({ part, pointer: at }) => {
    const value = (part.in === 'query' ? seen.query : seen.params)[part.name];
    const shown = part.in === 'query' ? `?${part.name}` : `{${part.name}}`;
    if (value === undefined) return part.required === true ? [`${shown}: is missing`] : [];
    return violationsOfSchema(`${at}/schema`, value, { coerce: true }).map(
      (problem) => shown + problem,
    );
  });
  return [...unknown, ...wrong];
}

function violationsOfRequestBody(seen: Seen, pointer: string, operation: Operation): string[] {
  if (operation.requestBody === undefined) {
    return isEmpty(seen.body) ? [] : [': GitHub takes no body here'];
  }
  const { part, pointer: at } = locate<Body>(`${pointer}/requestBody`);
  const schema = part.content?.['application/json']?.schema;
  if (seen.body === undefined) return part.required === true ? [': has no body'] : [];
  if (schema === undefined) return [];
  const names = propertyNames(schema);
  const unknown = names ? Object.keys(seen.body ?? {}).filter((name) => !names.has(name)) : [];
  return [
    ...unknown.map((name) => `/${name}: GitHub knows no such field`),
    ...violationsOfSchema(`${at}/content/application~1json/schema`, seen.body),
  ];
}

/** Octokit sends `{}` or nothing where there is nothing to say. */
function isEmpty(body: unknown): boolean {
  return (
    body === undefined ||
    (typeof body === 'object' && body !== null && Object.keys(body).length === 0)
  );
}

/** Statuses that any operation may answer with, though few descriptions say so; the body is an error all the same. */
const anywhere = [400, 401, 403, 404, 422, 429, 500, 502, 503];

function violationsOfResponse(seen: Seen, pointer: string, operation: Operation): string[] {
  const { status, responseBody } = seen;
  if (status === 304)
    return seen.method === 'GET' && responseBody === undefined ? [] : [': has a body'];
  if (operation.responses[status] === undefined) {
    if (!anywhere.includes(status)) return [': GitHub knows no such status here'];
    return violationsOfSchema('/components/schemas/basic-error', responseBody);
  }
  const { part, pointer: at } = locate<Body>(`${pointer}${pointerTo('responses', status)}`);
  if (asksForText(seen) && typeof responseBody === 'string') return [];
  if (part.content?.['application/json'] === undefined) {
    return isEmpty(responseBody) || status >= 400 ? [] : [': GitHub sends no body here'];
  }
  return violationsOfSchema(`${at}/content/application~1json/schema`, responseBody);
}

/** Raw files and diffs come as text; the description has their JSON form only. */
function asksForText({ headers }: Seen): boolean {
  return /application\/vnd\.github\.(?:v3\.)?(?:raw|diff|patch|sha)/.test(headers['accept'] ?? '');
}
