import type { Answer } from '../hooks.ts';

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** 201, with the new resource's address where it has one. */
export function created(body: Readonly<Record<string, unknown>>): Answer {
  const { url } = body;
  return { status: 201, body, headers: typeof url === 'string' ? { location: url } : {} };
}

export function noContent(): Answer {
  return { status: 204 };
}
