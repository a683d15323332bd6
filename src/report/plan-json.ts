import type { Digest } from '../model/digest.ts';
import type { Change, Risk } from '../model/plan.ts';
import type { UnitPlan } from './views.ts';

export interface PlanJson {
  readonly schema: 1;
  readonly ok: true;
  readonly environment: string;
  /** The commit that was compared with what is there. */
  readonly commit: string;
  /** What people approve; `null` until every target is planned. */
  readonly digest: Digest | null;
  /** Of the riskiest target. */
  readonly risk: Risk;
  /** How many changes break somebody, over all targets. */
  readonly breaking: number;
  readonly targets: readonly PlanTargetJson[];
}

export interface PlanTargetJson {
  readonly name: string;
  readonly kind: string;
  readonly host: string | null;
  readonly risk: Risk;
  readonly reasons: readonly string[];
  /** Breaking ones first. */
  readonly changes: readonly ChangeJson[];
  /** What is there, is not in Git, and stays. */
  readonly unmanaged: readonly string[];
}

export interface ChangeJson {
  readonly action: Change['action'];
  readonly resource: string;
  readonly path: string | null;
  readonly fields: readonly string[];
  readonly breaking: boolean;
  readonly from?: string;
  readonly why?: string;
}

export interface PlanInput {
  readonly environment: string;
  readonly commit: string;
  readonly digest: Digest | null;
  readonly targets: readonly UnitPlan[];
}

/** The document of `sallyport plan --json` (DESIGN.md §5); scripts rely on its shape. */
export function planJson({ environment, commit, digest, targets }: PlanInput): PlanJson {
  const shown = targets.map(targetJson);
  const breaking = shown.flatMap(({ changes }) => changes.filter((change) => change.breaking));
  return {
    schema: 1,
    ok: true,
    environment,
    commit,
    digest,
    risk: worst(shown.map(({ risk }) => risk)),
    breaking: breaking.length,
    targets: shown,
  };
}

const risks: readonly Risk[] = ['high', 'low', 'none'];

function worst(found: readonly Risk[]): Risk {
  return risks.find((risk) => found.includes(risk)) ?? 'none';
}

function targetJson(plan: UnitPlan): PlanTargetJson {
  const { name, kind, host, risk, reasons, unmanaged } = plan;
  return { name, kind, host, risk, reasons, changes: plan.changes.map(changeJson), unmanaged };
}

function changeJson({ action, resource, path, fields, breaking, from, why }: Change): ChangeJson {
  return {
    action,
    resource,
    path: path ?? null,
    fields: fields ?? [],
    breaking,
    ...(from === undefined ? {} : { from }),
    ...(why === undefined ? {} : { why }),
  };
}
