import { exitCodes, SallyportError } from '../../model/errors.ts';
import { answerError } from './answer-error.ts';
import { createSend, type HttpAnswer, type HttpRequest, type Send } from './send.ts';
import { type GithubAnswer, understand } from './understand.ts';

export interface GithubClientOptions {
  /** `https://api.github.com`, or `https://HOST/api/v3`. */
  readonly apiUrl: string;
  /** Asked for each request, so that tokens may expire. */
  readonly token: () => Promise<string> | string;
  /** For one exchange; 30 s by default. */
  readonly timeoutMs?: number;
}

/** What became of a write. */
export type PostOutcome =
  | { readonly kind: 'done'; readonly answer: GithubAnswer }
  /** Refused whole: nothing was written. */
  | { readonly kind: 'refused'; readonly answer: HttpAnswer; readonly error: SallyportError }
  /** It may have been written or not: cut, timed out, a server's failure, an answer that makes no sense. */
  | { readonly kind: 'uncertain'; readonly error: SallyportError };

/** The connection was never made, so nothing can have been written. */
const neverSent: readonly unknown[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
];

/** How often a read is asked for whose connection is cut: a kept one may be closed just as it is used. */
const readTries = 3;

/** Talks to GitHub's REST API with a token, over connections that it keeps. */
export class GithubClient {
  readonly #options: GithubClientOptions;
  readonly #send: Send;
  readonly #base: URL;

  constructor(options: GithubClientOptions, send: Send = createSend()) {
    this.#options = options;
    this.#send = send;
    this.#base = new URL(`${options.apiUrl.replace(/\/+$/u, '')}/`);
  }

  /** `path` is under the API's URL (`repos/acme/shop/…`), or a whole URL as `next` gave it. */
  async get(path: string, etag?: string, signal?: AbortSignal): Promise<GithubAnswer> {
    const url = this.#urlOf(path);
    const answer = await this.#follow(
      'GET',
      url,
      etag ? { 'if-none-match': etag } : {},
      undefined,
      signal,
    );
    const what = `GET ${url.pathname}`;
    if (!isSuccess(answer) && answer.status !== 304) throw answerError(answer, what);
    return understand(answer, what);
  }

  /** Never rejects but for the signal, the token, and what was certainly not written. */
  async post(path: string, body: unknown, signal?: AbortSignal): Promise<PostOutcome> {
    const url = this.#urlOf(path);
    const what = `POST ${url.pathname}`;
    try {
      const text = JSON.stringify(body);
      const answer = await this.#follow(
        'POST',
        url,
        { 'content-type': 'application/json' },
        text,
        signal,
      );
      if (isSuccess(answer)) return { kind: 'done', answer: understand(answer, what) };
      const error = answerError(answer, what);
      return error.code === 'github_unavailable'
        ? { kind: 'uncertain', error }
        : { kind: 'refused', answer, error };
    } catch (error) {
      if (!(error instanceof SallyportError) || !isUncertain(error)) throw error;
      return { kind: 'uncertain', error };
    }
  }

  async #follow(
    method: HttpRequest['method'],
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<HttpAnswer> {
    const token = await this.#options.token();
    const request = {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'user-agent': 'sallyport',
        'x-github-api-version': '2022-11-28',
        ...headers,
      },
      body,
      timeoutMs: this.#options.timeoutMs ?? 30_000,
    };
    let at = url;
    for (let hops = 0; ; hops += 1) {
      const answer = await this.#sendOnce({ ...request, url: at }, signal);
      const { location } = answer.headers;
      // A renamed repository answers with a redirect; the token goes nowhere but to the API.
      if (![301, 302, 307, 308].includes(answer.status) || !location || hops === 3) return answer;
      at = this.#urlOf(new URL(location, at).href);
    }
  }

  async #sendOnce(request: HttpRequest, signal: AbortSignal | undefined): Promise<HttpAnswer> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#send(request, signal);
      } catch (error) {
        if (signal?.aborted) throw error;
        const isCut = (error as NodeJS.ErrnoException).code === 'ECONNRESET';
        if (!isCut || request.method !== 'GET' || tries === readTries) {
          throw unreachable(request.url, error);
        }
      }
    }
  }

  #urlOf(path: string): URL {
    const url = new URL(path, this.#base);
    if (url.origin === this.#base.origin && url.pathname.startsWith(this.#base.pathname))
      return url;
    throw new SallyportError({
      code: 'github_odd_answer',
      message: `${url.href} is not under ${this.#base.href}, so it gets no token.`,
      next: 'stalled',
    });
  }
}

function isSuccess({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300;
}

function isUncertain({ code, cause }: SallyportError): boolean {
  if (code === 'github_odd_answer') return true;
  return (
    code === 'github_unreachable' && !neverSent.includes((cause as NodeJS.ErrnoException).code)
  );
}

function unreachable(url: URL, error: unknown): SallyportError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new SallyportError({
    code: 'github_unreachable',
    message: `${url.host} could not be reached: ${code ?? message}.`,
    hint: `Try it from this machine: curl -I ${url.origin}`,
    next: 'retry',
    exit: exitCodes.unreachable,
    cause: error,
  });
}
