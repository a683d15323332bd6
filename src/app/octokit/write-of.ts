/** A write to GitHub, as the queue needs to know it. */
export interface Write {
  /** Of two that wait the lower one goes first. */
  readonly rank: number;
  /** Whether GitHub counts it among what creates content. */
  readonly creates: boolean;
  /** Of several that wait with one key only the newest is sent: it says all that they say. */
  readonly key: string | null;
}

/** What a deployment waits for, then what people read, then courtesies. */
export const ranks = { deployment: 0, comment: 1, courtesy: 2 } as const;

const courtesy = /\/(reactions|labels)(\/|$)/;
const deployment = /\/(deployments|statuses|check-runs|deployment_protection_rule)(\/|$)/;

/** `null` for what only reads: `GET /repos/{owner}/{repo}`. */
export function writeOf(
  route: string,
  parameters: Readonly<Record<string, unknown>>,
): Write | null {
  const [method = '', path = ''] = route.split(' ');
  if (method === 'GET' || method === 'HEAD' || path === '/graphql') return null;
  return { rank: rankOf(path), creates: method === 'POST', key: keyOf(route, parameters) };
}

function rankOf(path: string): number {
  if (courtesy.test(path)) return ranks.courtesy;
  return deployment.test(path) ? ranks.deployment : ranks.comment;
}

/** Edits give the whole text. Those of a check run do not: one may end it, another add a part. */
function keyOf(route: string, { owner, repo, comment_id }: Readonly<Record<string, unknown>>) {
  if (route !== 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}') return null;
  return `${String(owner)}/${String(repo)} comment ${String(comment_id)}`;
}
