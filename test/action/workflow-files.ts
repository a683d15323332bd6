import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const Permissions = z.record(z.string(), z.enum(['read', 'write', 'none']));
const Step = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const Job = z.object({
  permissions: Permissions.optional(),
  environment: z.unknown().optional(),
  'timeout-minutes': z.number().optional(),
  steps: z.array(Step).default([]),
});
const Workflow = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions: Permissions.optional(),
  jobs: z.record(z.string(), Job),
});
export type Workflow = z.output<typeof Workflow>;

/** Every workflow of this repository and every one to be copied, by its path. */
export function workflowFiles(): readonly (readonly [path: string, text: string])[] {
  return ['.github/workflows', '.github/examples'].flatMap((folder) =>
    readdirSync(folder).map((name) => {
      const path = join(folder, name);
      return [path, readFileSync(path, 'utf8')] as const;
    }),
  );
}

/** What is wrong with a workflow, in the words of the rule; empty where nothing is. */
export function lint(text: string, inputs: readonly string[]): readonly string[] {
  const workflow = Workflow.parse(parse(text));
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps);
  return [
    ...steps.flatMap(({ run }) => injected(run)),
    ...steps.flatMap((step) => injected(scriptOf(step))),
    ...jobs.flatMap((job) => overPermitted(job, workflow)),
    ...steps.flatMap(({ uses }) => unpinned(uses, text)),
    ...steps.flatMap((step) => unknownInputs(step, inputs)),
    ...jobs.flatMap((job) => (job['timeout-minutes'] ? [] : ['a job may run for ever'])),
    ...jobs.flatMap((job) => exposedKey(job)),
    ...checkedOut(workflow, steps),
  ];
}

type Job = Workflow['jobs'][string];
type Step = Job['steps'][number];

/** Scripts get values through `env:`. What may stand in one is written by nobody but a runner. */
const harmless = /^(?:matrix\.\w+|runner\.\w+|github\.(?:sha|run_id|run_attempt|repository))$/;

function injected(script = ''): readonly string[] {
  const expressions = [...script.matchAll(/\$\{\{\s*(.*?)\s*\}\}/gs)].map(([, inner]) => inner!);
  return expressions
    .filter((inner) => !harmless.test(inner))
    .map((inner) => `a script holds ${inner}`);
}

/** What actions/github-script runs. */
function scriptOf({ with: given }: Step): string {
  return typeof given?.['script'] === 'string' ? given['script'] : '';
}

function overPermitted(job: Job, { permissions }: Workflow): readonly string[] {
  if (!permissions) return ['there are no permissions at the top'];
  const atTop = Object.values(permissions).includes('write')
    ? ['permissions at the top let every job write']
    : [];
  const granted = Object.keys(job.permissions ?? permissions);
  return granted.includes('id-token') ? [...atTop, 'a job may ask for an OIDC token'] : atTop;
}

function unpinned(uses: string | undefined, text: string): readonly string[] {
  if (uses === undefined || uses.startsWith('./')) return [];
  if (/^sallyport\/sallyport\/action@v1$/.test(uses)) return [];
  if (!/@[0-9a-f]{40}$/.test(uses)) return [`${uses} is not pinned by its commit`];
  return text.includes(`${uses} # v`) ? [] : [`${uses} does not say its version`];
}

function unknownInputs({ uses, with: given = {} }: Step, inputs: readonly string[]) {
  if (!uses?.startsWith('sallyport/sallyport/action@')) return [];
  const unknown = Object.keys(given).filter((name) => !inputs.includes(name));
  return unknown.map((name) => `the Action has no input ${name}`);
}

function exposedKey({ environment, steps }: Job): readonly string[] {
  const hasKey = steps.some((step) => step.with?.['signing-key'] !== undefined);
  return hasKey && environment === undefined ? ['the signing key is not an environment’s'] : [];
}

/** Whoever opens a pull request must not run code beside the secrets of the default branch. */
function checkedOut({ on }: Workflow, steps: readonly Step[]): readonly string[] {
  const isPrivileged = 'pull_request_target' in on || 'issue_comment' in on;
  const isCheckedOut = steps.some(({ uses }) => uses?.startsWith('actions/checkout@'));
  return isPrivileged && isCheckedOut ? ['code is checked out beside secrets'] : [];
}
