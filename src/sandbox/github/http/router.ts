import type { Answer } from '../hooks.ts';
import type { Access } from '../auth/access.ts';
import type { Call } from './call.ts';

export interface Route {
  readonly method: string;
  readonly template: string;
  readonly access: Access;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

/** `route('GET /repos/{owner}/{repo}', access, handler)`, with GitHub's own path template. */
export function route(line: string, access: Access, handle: Route['handle']): Route {
  const [method = '', template = ''] = line.split(' ');
  return { method, template, access, handle };
}

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

export type Router = (method: string, path: string) => Match | undefined;

/** Finds the route of a path; a template with more fixed segments wins over one that swallows slashes. */
export function createRouter(routes: readonly Route[]): Router {
  const patterns = routes
    .map((candidate) => ({ route: candidate, pattern: patternOf(candidate.template) }))
    .sort((a, b) => fixedSegments(b.route.template) - fixedSegments(a.route.template));
  return (method, path) => {
    for (const { route: candidate, pattern } of patterns) {
      if (candidate.method !== method) continue;
      const found = pattern.exec(path);
      if (found) return { route: candidate, params: decoded(found.groups ?? {}) };
    }
    return undefined;
  };
}

const mayHoldSlashes = new Set(['path', 'ref', 'branch', 'basehead']);

function patternOf(template: string): RegExp {
  const source = template.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    mayHoldSlashes.has(name) ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`,
  );
  return new RegExp(`^${source}$`);
}

function fixedSegments(template: string): number {
  return template.split('/').filter((segment) => segment !== '' && !segment.startsWith('{')).length;
}

function decoded(groups: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(groups).map(([name, text]) => [name, safelyDecoded(text)]),
  );
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
