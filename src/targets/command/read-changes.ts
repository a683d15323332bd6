import { z } from 'zod';
import type { Change } from '../../model/plan.ts';
import { fieldsOf, Line, readJson, type PlanReading } from './plan-reading.ts';

const Changes = z.strictObject({
  changes: z.array(
    z.strictObject({
      action: z.enum(['add', 'modify', 'remove', 'rename']),
      resource: Line,
      path: Line.optional(),
      from: Line.optional(),
      fields: z.array(Line).optional(),
      /** Whoever uses it may break; absent: where it is removed. */
      breaking: z.boolean().optional(),
      why: Line.optional(),
    }),
  ),
});

/** `{ "changes": [{ "action": "add", "resource": "Topic/orders", "fields": ["partitions"] }] }`. */
export function readChanges(text: string): PlanReading {
  const { changes } = readJson(text, Changes, 'the plan');
  return { changes: changes.map(changeOf), risks: [] };
}

function changeOf(read: z.output<typeof Changes>['changes'][number]): Change {
  const { action, resource, path, from, fields, breaking, why } = read;
  return {
    action,
    resource,
    ...(path !== undefined && { path }),
    ...(from !== undefined && { from }),
    ...fieldsOf(fields ?? []),
    breaking: breaking ?? action === 'remove',
    ...(why !== undefined && { why }),
  };
}
