import { z } from 'zod';
import { canonicalJson } from '../../model/digest.ts';
import type { Change } from '../../model/plan.ts';
import { StepFailure } from '../target.ts';
import { fieldsOf, Line, readJson, type PlanReading } from './plan-reading.ts';

const Values = z.record(z.string(), z.unknown()).nullish();

const ResourceChange = z.object({
  address: Line,
  previous_address: Line.optional(),
  /** The id of an object that a replacement left to be removed. */
  deposed: Line.optional(),
  action_reason: Line.optional(),
  change: z.object({
    actions: z.array(z.string()),
    before: Values.catch(null),
    after: Values.catch(null),
    after_unknown: Values.catch(null),
    replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).optional(),
    importing: z.unknown().optional(),
  }),
});
type ResourceChange = z.output<typeof ResourceChange>;

/** `tofu show -json` of a plan: https://opentofu.org/docs/internals/json-format. Values are never kept, only names. */
const Plan = z.object({
  format_version: z.string(),
  errored: z.boolean().optional(),
  resource_changes: z.array(ResourceChange).default([]),
  output_changes: z.record(z.string(), z.object({ actions: z.array(z.string()) })).default({}),
});

/** What OpenTofu, or Terraform, would change. */
export function readOpenTofu(text: string): PlanReading {
  const plan = readJson(text, Plan, 'the plan');
  if (!plan.format_version.startsWith('1.')) {
    throw new StepFailure(
      'plan_failed',
      `the plan has format ${plan.format_version.slice(0, 20)}; known is 1`,
    );
  }
  if (plan.errored === true) throw new StepFailure('plan_failed', 'the plan is not complete');
  const outputs = Object.entries(plan.output_changes).flatMap(([name, { actions }]) =>
    changeOfOutput(Line.parse(`output.${name}`), actions),
  );
  return { changes: [...plan.resource_changes.flatMap(changeOf), ...outputs], risks: [] };
}

/** None or one. */
function changeOf(read: ResourceChange): readonly Change[] {
  const { address, previous_address: from, deposed, change } = read;
  const resource = deposed === undefined ? address : `${address} (deposed ${deposed})`;
  const actions = change.actions.join(',');
  switch (actions) {
    case 'read':
    case 'open':
      return [];
    case 'no-op':
      if (change.importing)
        return [{ action: 'modify', resource, breaking: false, why: 'it is imported' }];
      if (from === undefined) return [];
      return [{ action: 'rename', resource, from, breaking: false }];
    case 'create':
      return [{ action: 'add', resource, breaking: false }];
    case 'update': {
      const moved = from === undefined ? {} : { from };
      const fields = fieldsOf(differingNames(change));
      return [{ action: 'modify', resource, ...moved, ...fields, breaking: false }];
    }
    case 'delete':
      return [
        { action: 'remove', resource, breaking: true, why: reasonOf(read, 'it is destroyed') },
      ];
    case 'forget':
      return [
        { action: 'remove', resource, breaking: false, why: 'it stays, and is no longer managed' },
      ];
    case 'delete,create':
    case 'create,delete':
    case 'create,forget':
    case 'forget,create': {
      const paths = (change.replace_paths ?? []).map(pathInWords);
      const fields = fieldsOf(paths.length > 0 ? paths : differingNames(change));
      const why = reasonOf(read, 'it is destroyed and made anew');
      return [{ action: 'modify', resource, ...fields, breaking: true, why }];
    }
    default:
      return [{ action: 'modify', resource, breaking: true, why: unknownAction(actions) }];
  }
}

function changeOfOutput(resource: string, actions: readonly string[]): readonly Change[] {
  const words = actions.join(',');
  if (words === 'no-op' || words === 'read') return [];
  if (words === 'create') return [{ action: 'add', resource, breaking: false }];
  if (words !== 'delete') return [{ action: 'modify', resource, breaking: false }];
  return [{ action: 'remove', resource, breaking: true, why: 'whoever reads it finds it no more' }];
}

/** Names at the top whose values differ, or will be known only afterwards. */
function differingNames({ before, after, after_unknown: unknown }: ResourceChange['change']) {
  const names = [before, after, unknown].flatMap((values) => Object.keys(values ?? {}));
  return names.filter(
    (name) => isUnknown(unknown?.[name]) || textOf(before?.[name]) !== textOf(after?.[name]),
  );
}

/** `true` where the value is not known yet, or any part of it. */
function isUnknown(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === true;
  return Object.values(value).some(isUnknown);
}

function textOf(value: unknown): string {
  return canonicalJson(value ?? null);
}

/** `network[0].address`. */
function pathInWords(path: readonly (string | number)[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}

/** `replace_because_cannot_update` is in words already. */
function reasonOf({ action_reason: reason }: ResourceChange, otherwise: string): string {
  return reason === undefined ? otherwise : `${otherwise}: ${reason.replaceAll('_', ' ')}`;
}

function unknownAction(actions: string): string {
  return `an action that Sallyport does not know: ${actions.slice(0, 40)}`;
}
