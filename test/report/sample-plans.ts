import { digestOf } from '../../src/model/digest.ts';
import { planOf, type Change } from '../../src/model/plan.ts';
import { planJson, type PlanJson } from '../../src/report/plan-json.ts';
import type { UnitPlan } from '../../src/report/views.ts';

const planSha = 'a'.repeat(40);

export const removed: Change = {
  action: 'remove',
  resource: 'Layer/parcels',
  path: 'layers/parcels.yaml',
  breaking: true,
  why: 'it is gone',
};
export const added: Change = {
  action: 'add',
  resource: 'Layer/parks',
  path: 'layers/parks.yaml',
  breaking: false,
};
export const modified: Change = {
  action: 'modify',
  resource: 'Layer/roads',
  path: 'layers/roads.yaml',
  fields: ['style.color', 'fields[2].type'],
  breaking: false,
};
export const renamed: Change = {
  action: 'rename',
  resource: 'Layer/rivers',
  from: 'Layer/streams',
  breaking: false,
};

export function unitPlan(changes: readonly Change[], over: Partial<UnitPlan> = {}): UnitPlan {
  const { unmanaged = [] } = over;
  return {
    name: 'map-config',
    kind: 'files',
    host: 'web-1',
    ...planOf({ changes, wanted: digestOf('wanted'), unmanaged }),
    ...over,
  };
}

export function samplePlan(targets: readonly UnitPlan[]): PlanJson {
  const digest = `sha256:${'1a2b3c4d'.repeat(4)}` as const;
  return planJson({ environment: 'production', commit: planSha, digest, targets });
}
