import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { operations } from '../../scripts/openapi-operations.ts';
import type { Exchange } from '../../src/sandbox/github/hooks.ts';

/** An exchange for tests: what is not given is empty. */
export function exchange(parts: Partial<Exchange>): Exchange {
  return {
    sequence: 1,
    method: 'GET',
    template: null,
    path: '/',
    params: {},
    query: {},
    headers: {},
    body: undefined,
    actor: 'anonymous',
    at: 0,
    status: 200,
    responseHeaders: {},
    responseBody: undefined,
    ...parts,
  };
}

interface Examples {
  readonly examples?: Readonly<
    Record<string, { readonly value?: unknown; readonly $ref?: string }>
  >;
}
interface Bodied {
  readonly $ref?: string;
  readonly content?: { readonly 'application/json'?: Examples };
}
interface Source {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { responses: Record<string, Bodied> }>>>
  >;
  readonly components: { readonly examples: Readonly<Record<string, { readonly value: unknown }>> };
}

/** The answers that GitHub's documentation shows for the operations in use. */
export function githubExamples(): readonly { readonly name: string; readonly seen: Exchange }[] {
  const source = readSource();
  return operations.flatMap((operation) => {
    const [method = '', template = ''] = operation.split(' ');
    const { responses } = source.paths[template]![method.toLowerCase()]!;
    return Object.entries(responses).flatMap(([status, body]) =>
      Object.entries(body.content?.['application/json']?.examples ?? {}).map(([name, example]) => ({
        name: `${operation} ${status} ${name}`,
        seen: exchange({
          method,
          template,
          status: Number(status),
          responseBody:
            example.value ??
            source.components.examples[example.$ref?.split('/').at(-1) ?? '']?.value,
        }),
      })),
    );
  });
}

function readSource(): Source {
  const path = createRequire(import.meta.url).resolve(
    '@octokit/openapi/generated/api.github.com.json',
  );
  return JSON.parse(readFileSync(path, 'utf8')) as Source;
}
