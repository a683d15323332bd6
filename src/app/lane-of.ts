import { z } from 'zod';

const Repository = z.object({ repository: z.object({ id: z.int() }) });
const About = z.union([
  z.object({ issue: z.object({ number: z.int() }) }).transform(({ issue }) => `#${issue.number}`),
  z
    .object({ pull_request: z.object({ number: z.int() }) })
    .transform(({ pull_request }) => `#${pull_request.number}`),
  z.object({ ref: z.string() }).transform(({ ref }) => ref),
]);

/**
 * Events that are acted on one after the other, in order of arrival: what is said under one issue,
 * the pushes to one ref. All others may overtake each other; statuses of deployments too, as each
 * of them makes us read everything anew.
 */
export function laneOf(payload: unknown): string | null {
  const [repository, about] = [Repository.safeParse(payload), About.safeParse(payload)];
  if (!repository.success || !about.success) return null;
  return `${repository.data.repository.id} ${about.data}`;
}
