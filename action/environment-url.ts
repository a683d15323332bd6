import { z } from 'zod';
import type { Ask } from '../src/app/octokit/request.ts';

const Statuses = z.array(z.object({ id: z.int(), environment_url: z.string().optional() }));

/** The address that the newest status with one gives; `null` where none has. */
export async function environmentUrl(deployment: number, ask: Ask): Promise<string | null> {
  const answer = await ask('GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
    deployment_id: deployment,
    per_page: 100,
  });
  const statuses = Statuses.parse(answer).toSorted((a, b) => b.id - a.id);
  const urls = statuses.map(({ environment_url }) => environment_url ?? '');
  return urls.find((url) => /^https?:\/\//u.test(url)) ?? null;
}
