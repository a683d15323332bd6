import type { Answer } from '../hooks.ts';

type Headers = Readonly<Record<string, string>>;

/** An answer that says no; thrown by handlers, written by the server. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly answer: Answer;

  constructor(
    status: number,
    message: string,
    more: Readonly<Record<string, unknown>> = {},
    headers: Headers = {},
  ) {
    super(message);
    const documentation = 'https://docs.github.com/rest';
    const body = { message, ...more, documentation_url: documentation, status: String(status) };
    this.answer = { status, body, headers };
  }
}

export function notFound(): ApiError {
  return new ApiError(404, 'Not Found');
}

/** GitHub's 422 for one field of a request. */
export function invalid(resource: string, field: string, code: string, message?: string): ApiError {
  const problem = { resource, field, code, ...(message === undefined ? {} : { message }) };
  return new ApiError(422, 'Validation Failed', { errors: [problem] });
}
