import { z } from 'zod';
import type { JobEntry, RecordEntry } from '../../../ports/ledger.ts';
import { parseJson } from '../../github-http/answer-error.ts';
import { recordInDescription } from './description.ts';
import { recordInLogUrl } from './log-url.ts';

/** How deployments of ours are told from those of other tools. */
export const task = 'sallyport';

const Deployment = z.object({
  id: z.int().min(1),
  task: z.literal(task),
  payload: z.unknown(),
  created_at: z.string(),
});

const Status = z.object({
  id: z.int().min(1),
  state: z.string(),
  description: z.string().nullish(),
  log_url: z.string().nullish(),
  target_url: z.string().nullish(),
  created_at: z.string(),
});

const Payload = z.object({ sallyport: z.string() });
const jws = /^[\w-]+\.[\w-]+\.[\w-]+$/u;

/** A deployment of ours; `null` for anything else. */
export function readJob(json: unknown): JobEntry | null {
  const { data } = Deployment.safeParse(json);
  const at = Date.parse(data?.created_at ?? '');
  const token = data && tokenIn(data.payload);
  return token && !Number.isNaN(at) ? { deployment: data.id, token, at } : null;
}

/** A status that carries a record; `null` for anything else. */
export function readRecord(json: unknown, deployment: number): RecordEntry | null {
  const { data } = Status.safeParse(json);
  const at = Date.parse(data?.created_at ?? '');
  if (!data || Number.isNaN(at)) return null;
  const { id, log_url, target_url, description } = data;
  const said = description ?? '';
  const linked = recordInLogUrl(log_url || target_url || '');
  const token = linked ?? recordInDescription(said);
  return token === null ? null : { id, deployment, token, words: linked === null ? '' : said, at };
}

/** What GitHub shows of a deployment, whoever wrote it: the state of its newest status. */
export function newestState(statuses: readonly unknown[]): string | null {
  const read = statuses.flatMap((json) => Status.safeParse(json).data ?? []);
  return read.toSorted((a, b) => b.id - a.id)[0]?.state ?? null;
}

/** An object, the same as text, or the bare token: GitHub gives back what it was given, proxies may not. */
function tokenIn(payload: unknown): string | null {
  if (typeof payload === 'string' && jws.test(payload)) return payload;
  const { data } = Payload.safeParse(typeof payload === 'string' ? parseJson(payload) : payload);
  return data && jws.test(data.sallyport) ? data.sallyport : null;
}
