import { z } from 'zod';
import { canonicalJson, type Digest } from '../model/digest.ts';
import { isWhole } from '../model/plan.ts';
import type { UnitPlan } from './views.ts';

/** The longest text of a check run, in bytes to be sure. */
const maxText = 65_535;

/** Begins the name of every check run that shows a plan of this environment. */
export function planCheckPrefix(environment: string): string {
  return `sallyport/plan (${environment}, `;
}

/** The name of the check run that shows what one target would change on one host. */
export function planCheckName(environment: string, { name, host }: UnitPlan): string {
  return `${planCheckPrefix(environment)}${name}${host === null ? '' : ` on ${host}`})`;
}

/**
 * The text of that check run: the plan in canonical form, for the App to read; `null` where it is
 * longer than GitHub takes, so that only its digest (the check run's `external_id`) is known.
 */
export function planCheckText(plan: UnitPlan): string | null {
  const { name, kind, host, digest, wanted, changes, risk, reasons, unmanaged } = plan;
  const fields = { name, kind, host, digest, wanted, changes, risk, reasons, unmanaged };
  const text = `${opening}${visible(canonicalJson(fields))}${closing}`;
  return Buffer.byteLength(text) <= maxText ? text : null;
}

/** The plan in the text of a check run; `null` where there is none, or its digest is not its own. */
export function readPlanCheck(text: string): UnitPlan | null {
  const start = text.indexOf(opening);
  const end = text.indexOf(closing, start + opening.length);
  if (start === -1 || end === -1 || text.length > maxText) return null;
  const read = Plan.safeParse(parseJson(text.slice(start + opening.length, end)));
  return read.success && isWhole(read.data) ? read.data : null;
}

/** No fence of JSON on one line can be closed by what is in it, but a longer one is surer. */
const opening = '````json\n';
const closing = '\n````';

const DigestText = z.custom<Digest>(
  (text) => typeof text === 'string' && /^sha256:[0-9a-f]{64}$/.test(text),
);
const Text = z.string().max(4_096);
const Change = z
  .strictObject({
    action: z.enum(['add', 'modify', 'remove', 'rename']),
    resource: Text,
    path: Text.exactOptional(),
    from: Text.exactOptional(),
    fields: z.array(Text).exactOptional(),
    breaking: z.boolean(),
    why: Text.exactOptional(),
  })
  .readonly();
const Plan: z.ZodType<UnitPlan> = z.strictObject({
  name: z.string().max(63),
  kind: z.string().max(32),
  host: z.string().max(63).nullable(),
  digest: DigestText,
  wanted: DigestText.nullable(),
  changes: z.array(Change),
  risk: z.enum(['none', 'low', 'high']),
  reasons: z.array(Text),
  unmanaged: z.array(Text),
});

/** JSON whose signs that cannot be seen are spelt out: they hide nothing, and nobody drops them. */
function visible(json: string): string {
  return json.replace(/\p{C}/gu, (sign) =>
    Array.from({ length: sign.length }, (_, at) => {
      return `\\u${sign.charCodeAt(at).toString(16).padStart(4, '0')}`;
    }).join(''),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
