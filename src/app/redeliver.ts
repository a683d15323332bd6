import { z } from 'zod';
import { asSallyportError } from '../model/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { WorkQueue } from '../ports/store.ts';
import { ListedDelivery, lostDeliveries } from './lost-deliveries.ts';

/** Asks GitHub as the App itself, with its JWT. */
export type AppRequest = (
  route: string,
  parameters: Readonly<Record<string, unknown>>,
) => Promise<{ readonly data: unknown; readonly headers: { readonly link?: string | undefined } }>;

export interface Redeliverer {
  readonly request: AppRequest;
  readonly inbox: Pick<WorkQueue, 'show'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** At most a tenth shorter or longer, so that Apps do not ask in step. */
const intervalMs = 600_000;
/** One that failed while others were taken, and what clocks differ by. */
const overlapMs = 2 * intervalMs;
/** GitHub sends nothing again that is older. */
const longestMs = 3 * 24 * 3_600_000;
/** An App that is new here does not act on what was said long before. */
const firstMs = 3_600_000;
/** GitHub asks for a second between writes. */
const pauseMs = 1_000;
const maxPages = 50;

/**
 * GitHub never repeats a webhook that could not be delivered. At the start and every 10 minutes it
 * is asked for those since the last good one (`lastAt`, ms since 1970), and to send them again.
 * Goes on until aborted; never rejects.
 */
export async function redeliverUntil(
  signal: AbortSignal,
  lastAt: number | null,
  redeliverer: Redeliverer,
): Promise<void> {
  const { clock, log } = redeliverer;
  let since = Math.max((lastAt ?? clock.now() - firstMs) - overlapMs, clock.now() - longestMs);
  while (!signal.aborted) {
    const began = clock.now();
    try {
      await redeliverSince(since, redeliverer, signal);
      since = began - overlapMs;
    } catch (error) {
      if (signal.aborted) return;
      const { message } = asSallyportError(error);
      log.warn('GitHub was not asked for lost webhooks', { error: message });
    }
    await clock.sleep(intervalMs * (0.9 + clock.random() * 0.2), signal).catch(() => {});
  }
}

/** One look. What was written down here is not lost, even where GitHub did not hear so. */
export async function redeliverSince(
  since: number,
  { request, inbox, clock, log }: Redeliverer,
  signal?: AbortSignal,
): Promise<void> {
  for (const { id, guid } of lostDeliveries(await listSince(since, request))) {
    if (await inbox.show(guid)) continue;
    log.info('GitHub is asked to send a webhook again', { id: guid });
    await request('POST /app/hook/deliveries/{delivery_id}/attempts', { delivery_id: id });
    await clock.sleep(pauseMs, signal);
  }
}

const Page = z.array(ListedDelivery);

async function listSince(since: number, request: AppRequest): Promise<readonly ListedDelivery[]> {
  const listed: ListedDelivery[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const { data, headers } = await request('GET /app/hook/deliveries', {
      per_page: 100,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const newestFirst = Page.parse(data);
    const wanted = newestFirst.filter(({ delivered_at }) => Date.parse(delivered_at) >= since);
    listed.push(...wanted);
    cursor = /[?&]cursor=([^&>]+)[^>]*>;\s*rel="next"/.exec(headers.link ?? '')?.[1];
    if (cursor === undefined || wanted.length < newestFirst.length) break;
    cursor = decodeURIComponent(cursor);
  }
  return listed;
}
