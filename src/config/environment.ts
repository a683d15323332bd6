import { z } from 'zod';
import { section } from './later.ts';
import { deepPartial } from './partial.ts';
import { ServiceConfig } from './service.ts';
import { Name, Patterns, mapOf } from './words.ts';

/** The kinds of target that this version builds; the documentation knows more. */
export const kinds = ['service'] as const;
export const laterKinds = ['files', 'command', 'kustomize', 'forge'] as const;

const Kind = z.enum(kinds);

const targetRule = 'the name of a target, or { name: web, kind: service }';
const PermittedTarget = z
  .union([Name, section({ name: Name, kind: Kind })], { error: targetRule })
  .transform((value): { name: string; kind: string | null } =>
    typeof value === 'string' ? { name: value, kind: null } : value,
  );

const Trigger = section({
  branches: Patterns.optional().describe('A push to one of these branches.'),
  tags: Patterns.optional().describe('A new tag that matches one of these patterns.'),
}).describe('What starts a deployment by itself.');

const Require = section(
  {
    refs: Patterns.optional().describe(
      'Where the commit must be reachable from; `pull` admits heads of pull requests. Absent: the default branch, every tag and, in a pull request, its own head.',
    ),
  },
  ['approvals', 'approvers', 'author_may_approve', 'checks', 'from', 'signed_commits'],
).describe('What must hold before a deployment may start.');

export const Environment = section(
  {
    sync: z
      .enum(['auto', 'manual'])
      .default('manual')
      .describe('`auto`: what `trigger` names goes out by itself; `manual`: a person says so.'),
    targets: z
      .array(PermittedTarget)
      .min(1, { error: 'at least one target' })
      .optional()
      .describe('What may come here; absent: every target that the commit declares.'),
    hosts: z
      .array(Name)
      .min(1, { error: 'at least one host' })
      .optional()
      .describe('The hosts that take part, in their order; absent: the one agent enrolled here.'),
    trigger: Trigger.optional(),
    require: Require.prefault({}),
    on_failure: z
      .enum(['rollback', 'stop'])
      .default('rollback')
      .describe('What happens with the units that are done when another one fails.'),
    override: mapOf(deepPartial(ServiceConfig))
      .prefault({})
      .describe('Parts of targets, by name, that are different here.'),
  },
  ['heal', 'windows', 'freezes', 'rollout', 'retry', 'notify'],
).describe('Where targets go, and the rules that hold there.');
export type Environment = z.output<typeof Environment>;
