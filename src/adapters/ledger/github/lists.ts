import { SallyportError, exitCodes } from '../../../model/errors.ts';
import type { GithubClient } from '../../github-http/client.ts';
import { Recent } from './recent.ts';

/** One page of a list as GitHub last gave it. */
export interface ListPage {
  readonly items: readonly unknown[];
  readonly next: string | null;
  readonly now: number;
  /** The same as when it was asked for last. */
  readonly unchanged: boolean;
}

interface Remembered {
  readonly etag: string | undefined;
  readonly items: readonly unknown[];
  readonly next: string | null;
}

/** The memory of an agent stays small; a page forgotten is a page read whole. */
const rememberedPages = 100;

/** Reads lists page by page, and pays only for pages that changed: a 304 costs nothing of the rate limit. */
export class Lists {
  readonly #client: GithubClient;
  readonly #pages = new Recent<string, Remembered>(rememberedPages);

  constructor(client: GithubClient) {
    this.#client = client;
  }

  /** `url` is a path under the API or a page's `next`. */
  async page(url: string, signal?: AbortSignal): Promise<ListPage> {
    const known = this.#pages.get(url);
    const answer = await this.#client.get(url, known?.etag, signal);
    if (answer.status === 304 && known) {
      this.#pages.set(url, known);
      return { items: known.items, next: known.next, now: answer.now, unchanged: true };
    }
    const items = listIn(answer.json, url);
    const { etag, next, now } = answer;
    // Another token has other ETags: what is unchanged then is known by looking.
    const unchanged = known !== undefined && JSON.stringify(known.items) === JSON.stringify(items);
    this.#pages.set(url, { etag, items, next });
    return { items, next, now, unchanged };
  }

  /** The whole list, as one page. */
  async all(url: string, signal?: AbortSignal): Promise<ListPage> {
    const first = await this.page(url, signal);
    const items = [...first.items];
    let { next, unchanged } = first;
    while (next !== null) {
      const page: ListPage = await this.page(next, signal);
      items.push(...page.items);
      unchanged &&= page.unchanged;
      next = page.next;
    }
    return { items, next: null, now: first.now, unchanged };
  }
}

function listIn(json: unknown, url: string): readonly unknown[] {
  if (Array.isArray(json)) return json;
  throw new SallyportError({
    code: 'github_odd_answer',
    message: `GitHub's answer to GET ${url} is not a list.`,
    next: 'retry',
    exit: exitCodes.unreachable,
  });
}
