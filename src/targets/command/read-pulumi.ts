import { z } from 'zod';
import type { Change } from '../../model/plan.ts';
import { fieldsOf, Line, readJson, type PlanReading } from './plan-reading.ts';

const Step = z.object({
  op: z.string(),
  urn: Line,
  diffReasons: z.array(z.string()).nullish(),
  replaceReasons: z.array(z.string()).nullish(),
  detailedDiff: z.record(z.string(), z.unknown()).nullish(),
});
type Step = z.output<typeof Step>;

/** `pulumi preview --json`. Values are never kept, only names. */
const Preview = z.object({
  steps: z.array(Step).nullish(),
  changeSummary: z.record(z.string(), z.number()).nullish(),
  maybeCorrupt: z.boolean().nullish(),
});

/** What Pulumi would change. A replacement comes as several steps and is one change. */
export function readPulumi(text: string): PlanReading {
  const preview = readJson(text, Preview, 'the preview');
  const changes = new Map<string, Change>();
  for (const step of preview.steps ?? []) {
    const change = changeOf(step);
    const earlier = changes.get(step.urn);
    // Of the steps of one resource the breaking one says most.
    if (change !== null && earlier?.breaking !== true) changes.set(step.urn, change);
  }
  const risks = preview.maybeCorrupt === true ? ['Pulumi says that its state may be damaged'] : [];
  return { changes: [...changes.values()], risks };
}

function changeOf(step: Step): Change | null {
  const { op } = step;
  const resource = resourceOf(step.urn);
  switch (op) {
    case 'same':
    case 'read':
    case 'refresh':
    case 'discard':
    case 'remove-pending-replace':
      return null;
    case 'create':
      return { action: 'add', resource, breaking: false };
    case 'import':
      return { action: 'modify', resource, breaking: false, why: 'it is imported' };
    case 'update':
      return { action: 'modify', resource, ...fieldsOf(differingNames(step)), breaking: false };
    case 'delete':
      return { action: 'remove', resource, breaking: true, why: 'it is deleted' };
    case 'replace':
    case 'create-replacement':
    case 'delete-replaced':
    case 'read-replacement':
    case 'import-replacement':
    case 'discard-replaced': {
      const reasons = step.replaceReasons ?? [];
      const fields = fieldsOf(reasons.length > 0 ? reasons : differingNames(step));
      const why = 'it is deleted and made anew';
      return { action: 'modify', resource, ...fields, breaking: true, why };
    }
    default: {
      const why = `an operation that Sallyport does not know: ${op.slice(0, 40)}`;
      return { action: 'modify', resource, breaking: true, why };
    }
  }
}

function differingNames({ detailedDiff, diffReasons }: Step): readonly string[] {
  const detailed = Object.keys(detailedDiff ?? {});
  return detailed.length > 0 ? detailed : (diffReasons ?? []);
}

/** `urn:pulumi:dev::shop::parent:Type$aws:s3/bucket:Bucket::logs` is `aws:s3/bucket:Bucket/logs`. */
function resourceOf(urn: string): string {
  const [, , types, ...name] = urn.split('::');
  if (types === undefined || name.length === 0) return urn;
  return `${types.split('$').at(-1)!}/${name.join('::')}`;
}
