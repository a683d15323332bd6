import { z } from 'zod';
import type { CheckFound } from '../../policy/check-state.ts';
import { isDeploymentCheck } from '../../report/deployment-check.ts';
import type { CheckReader, CommitChecks } from '../ports.ts';
import { orNull, type Ask } from './request.ts';

const pageSize = 100;
/** Of each list; what lies beyond is not read, and `total` says so. */
const maxPages = 10;
/** Check runs that show plans: made by agents, and no opinion on the commit. */
const ours = 'sallyport/plan (';

const Instant = z.iso.datetime({ offset: true });
const Run = z.object({
  id: z.int(),
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  started_at: Instant.nullable(),
  app: z.object({ id: z.int() }).nullable(),
  check_suite: z.object({ id: z.int() }).nullable(),
  output: z.object({ text: z.string().nullable() }),
});
type Run = z.infer<typeof Run>;
const RunPage = z.object({ total_count: z.int(), check_runs: z.array(Run) });

const Status = z.object({
  id: z.int(),
  context: z.string(),
  state: z.string(),
  created_at: Instant,
});
type Status = z.infer<typeof Status>;
const StatusPage = z.object({ total_count: z.int(), statuses: z.array(Status) });

const Required = z.object({
  context: z.string(),
  app_id: z.int().nullish(),
  integration_id: z.int().nullish(),
});
const Branch = z.object({
  protection: z.object({
    enabled: z.boolean(),
    required_status_checks: z
      .object({ contexts: z.array(z.string()), checks: z.array(Required).optional() })
      .optional(),
  }),
});
const Rule = z.object({
  type: z.string(),
  parameters: z.object({ required_status_checks: z.array(Required).optional() }).optional(),
});

export function readChecks(ask: Ask): CheckReader {
  return {
    async checksOf(sha) {
      const [runs, statuses] = await Promise.all([runsOf(ask, sha), statusesOf(ask, sha)]);
      const others = runs.found.filter(
        ({ name }) => !name.startsWith(ours) && !isDeploymentCheck(name),
      );
      const found = [...others.map(ofRun), ...statuses.found.map(ofStatus)];
      const left = runs.found.length - others.length;
      return { found, total: runs.total + statuses.total - left } satisfies CommitChecks;
    },

    async requiredChecks(branch) {
      const [protection, rules] = await Promise.all([
        orNull(ask('GET /repos/{owner}/{repo}/branches/{branch}', { branch })),
        orNull(
          ask('GET /repos/{owner}/{repo}/rules/branches/{branch}', { branch, per_page: pageSize }),
        ),
      ]);
      const read = Branch.safeParse(protection);
      const ruled = z
        .array(Rule)
        .max(pageSize - 1)
        .safeParse(rules);
      if (!read.success || !ruled.success) return null;
      const byProtection = read.data.protection.required_status_checks;
      const required = [
        ...(byProtection?.checks ?? byProtection?.contexts.map((context) => ({ context })) ?? []),
        ...ruled.data.flatMap(({ type, parameters }) =>
          type === 'required_status_checks' ? (parameters?.required_status_checks ?? []) : [],
        ),
      ];
      return z.array(Required).parse(required).map(requiredCheck);
    },

    async checkTexts(sha, prefix) {
      const { found } = await runsOf(ask, sha, 'all');
      return found.flatMap(({ name, output }) =>
        name.startsWith(prefix) && output.text !== null ? [output.text] : [],
      );
    },
  };
}

function requiredCheck({ context, app_id, integration_id }: z.infer<typeof Required>) {
  const app = app_id ?? integration_id ?? null;
  // GitHub writes -1 where any App may say it.
  return { name: context, app: app === -1 ? null : app };
}

async function runsOf(
  ask: Ask,
  sha: string,
  filter: 'latest' | 'all' = 'latest',
): Promise<{ found: readonly Run[]; total: number }> {
  return everyPage(async (page) => {
    const parameters = { ref: sha, filter, per_page: pageSize, page };
    const route = 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs';
    const { check_runs, total_count } = RunPage.parse(await ask(route, parameters));
    return { found: check_runs, total: total_count };
  });
}

async function statusesOf(
  ask: Ask,
  sha: string,
): Promise<{ found: readonly Status[]; total: number }> {
  return everyPage(async (page) => {
    const parameters = { ref: sha, per_page: pageSize, page };
    const route = 'GET /repos/{owner}/{repo}/commits/{ref}/status';
    const { statuses, total_count } = StatusPage.parse(await ask(route, parameters));
    return { found: statuses, total: total_count };
  });
}

async function everyPage<T>(
  read: (page: number) => Promise<{ found: readonly T[]; total: number }>,
): Promise<{ found: readonly T[]; total: number }> {
  const all: T[] = [];
  for (let page = 1; ; page += 1) {
    const { found, total } = await read(page);
    all.push(...found);
    const isLast = found.length < pageSize || page === maxPages;
    if (all.length >= total || isLast) return { found: all, total };
  }
}

function ofRun({ id, name, status, conclusion, started_at, app, check_suite }: Run): CheckFound {
  const startedAt = started_at === null ? null : Date.parse(started_at);
  return {
    name,
    app: app?.id ?? null,
    suite: check_suite?.id ?? null,
    kind: 'check-run',
    status,
    conclusion,
    startedAt,
    id,
  };
}

function ofStatus({ id, context, state, created_at }: Status): CheckFound {
  const startedAt = Date.parse(created_at);
  return {
    name: context,
    app: null,
    suite: null,
    kind: 'status',
    status: state,
    conclusion: null,
    startedAt,
    id,
  };
}
