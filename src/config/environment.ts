import { z } from 'zod';
import { section } from './later.ts';
import { durationBetween } from './duration.ts';
import { Notify } from './notify.ts';
import { May, PersonOrTeam } from './people.ts';
import { PullRequests } from './pull-requests.ts';
import { Rollout } from './rollout.ts';
import { Freeze, Window } from './window.ts';
import { Argv, Name, Patterns, mapOf } from './words.ts';

/** The kinds of target that this version builds; the documentation knows more. */
export const kinds = ['service', 'files', 'command'] as const;
export const laterKinds = ['kustomize', 'forge'] as const;

const Kind = z.enum(kinds);

const targetRule = 'the name of a target, or { name: web, kind: service }';
const PermittedTarget = z
  .union([Name, section({ name: Name, kind: Kind })], { error: targetRule })
  .transform((value): { name: string; kind: string | null } =>
    typeof value === 'string' ? { name: value, kind: null } : value,
  );

/** Parts of a target; which ones there are depends on its kind (`override-problems.ts`). */
export const Override = z.record(z.string(), z.unknown());

const Trigger = section({
  branches: Patterns.optional().describe('A push to one of these branches.'),
  tags: Patterns.optional().describe('A new tag that matches one of these patterns.'),
  releases: z.boolean().default(false).describe('A release that is published.'),
  merges: z
    .boolean()
    .default(false)
    .describe('A merge of a pull request into the default branch: deploys the merge commit.'),
}).describe('What starts a deployment by itself.');

const External = z.union(
  [
    section({
      name: Name,
      command: Argv.describe('On the host; exit code 0 opens.'),
      timeout: durationBetween('1s', '10m').prefault('10s'),
    }),
    section({
      name: Name,
      url: z.url({ protocol: /^https?$/ }).describe('A status of 2xx opens; no answer closes.'),
      timeout: durationBetween('1s', '10m').prefault('10s'),
    }),
  ],
  { error: 'name, and one of command and url' },
);

const Retry = section({
  attempts: z.int().min(1).max(20).default(3).describe('Tries in all.'),
  initial: durationBetween('1s', '1h').prefault('1m').describe('Before the second try.'),
  factor: z.number().min(1).max(10).default(2).describe('How much longer each pause is.'),
  max: durationBetween('1s', '1d').prefault('15m').describe('The longest pause.'),
}).describe('Another try after a failure that can pass by itself.');
export type Retry = z.output<typeof Retry>;

const Require = section(
  {
    refs: Patterns.optional().describe(
      'Where the commit must be reachable from; `pull` admits heads of pull requests. Absent: the default branch, every tag and, in a pull request, its own head.',
    ),
    approvals: z.int().min(0).max(10).default(0).describe('How many people must approve the plan.'),
    approvers: z
      .array(PersonOrTeam)
      .default([])
      .describe('Logins, and teams as `@org/team`; empty: whoever may deploy.'),
    author_may_approve: z
      .boolean()
      .default(false)
      .describe('Authors: of the pull request, every pusher, whoever typed the command.'),
    checks: z
      .union([z.enum(['required', 'all', 'none']), z.array(z.string().min(1).max(255)).min(1)], {
        error: 'required, all, none or a list of names',
      })
      .default('none')
      .describe('Checks of the commit that must have succeeded.'),
    from: Name.optional().describe('The commit has completed in this environment first.'),
    github: z
      .boolean()
      .optional()
      .describe(
        'The rules of the GitHub environment of the same name hold here too: reviewers, wait timer, branch and tag policies. `true`: nothing is deployed where the App may not read them; absent: then they do not hold.',
      ),
    external: z.array(External).default([]).describe('Programs or addresses that are asked.'),
  },
  ['signed_commits'],
).describe('What must hold before a deployment may start.');

export const Environment = section({
  sync: z
    .enum(['auto', 'manual'])
    .default('manual')
    .describe('`auto`: what `trigger` names goes out by itself; `manual`: a person says so.'),
  targets: z
    .array(PermittedTarget)
    .min(1, { error: 'at least one target' })
    .optional()
    .describe(
      'What may come here: names, or `{ name, kind }`; absent: every target that the commit declares.',
    ),
  hosts: z
    .array(Name)
    .min(1, { error: 'at least one host' })
    .optional()
    .describe('The hosts that take part, in their order; absent: the one agent enrolled here.'),
  trigger: Trigger.optional(),
  url: z
    .url({ protocol: /^https?$/, error: 'an address that begins with https:// or http://' })
    .max(200)
    .optional()
    .describe('Where people find what runs there; GitHub links to it.'),
  heal: z.boolean().default(false).describe('Drift on a host is mended by itself.'),
  windows: z
    .array(Window)
    .default([])
    .describe('When changes may come; without an `allow`: always.'),
  freezes: z.array(Freeze).default([]).describe('Times without changes.'),
  retry: Retry.optional(),
  require: Require.prefault({}),
  on_failure: z
    .enum(['rollback', 'stop'])
    .default('rollback')
    .describe('What happens with the units that are done when another one fails.'),
  may: May.prefault({}),
  pull_requests: PullRequests.prefault({}),
  notify: z.array(Notify).max(20).default([]),
  override: mapOf(Override)
    .prefault({})
    .describe('Parts of targets, by name, that are different here.'),
  rollout: Rollout.prefault({}),
}).describe('Where targets go, and the rules that hold there.');
export type Environment = z.output<typeof Environment>;
