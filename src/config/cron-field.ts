/** One of the five fields of a cron line. */
export interface CronField {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Names of values, the first one's value being `least`. */
  readonly names: readonly string[];
}

/** What is wrong, and at which character of the text that was read, from 0. */
export interface CronFault {
  readonly ok: false;
  readonly at: number;
  readonly why: string;
}

type FieldValues = { readonly ok: true; readonly values: readonly number[] } | CronFault;

/** The values of one field: a list of `*`, values and ranges, each with a step or not. */
export function parseCronField(field: CronField, text: string): FieldValues {
  const values = new Set<number>();
  let at = 0;
  for (const item of text.split(',')) {
    const range = parseItem(field, item);
    if (!range.ok) return { ...range, at: at + range.at };
    for (let value = range.from; value <= range.to; value += range.step) values.add(value);
    at += item.length + 1;
  }
  return { ok: true, values: [...values].toSorted((a, b) => a - b) };
}

type Range =
  | { readonly ok: true; readonly from: number; readonly to: number; readonly step: number }
  | CronFault;

function parseItem(field: CronField, item: string): Range {
  const [range = '', stepText, ...tooMany] = item.split('/');
  if (tooMany.length > 0) return fault(0, `\`${item}\` has more than one step`);
  const [first = '', last, ...rest] = range.split('-');
  if (rest.length > 0) return fault(0, `\`${item}\` is not a range`);
  const from = range === '*' ? field.least : valueOf(field, first);
  if (from === null) return fault(0, expected(field, first));
  const to = range === '*' ? mostOf(field) : last === undefined ? from : valueOf(field, last);
  if (to === null) return fault(first.length + 1, expected(field, last ?? ''));
  if (to < from) {
    return fault(0, `the range \`${range}\` ends before it begins; write it as two ranges`);
  }
  if (stepText === undefined) return { ok: true, from, to, step: 1 };
  if (range !== '*' && last === undefined) {
    return fault(0, `the step of \`${item}\` needs a range: ${range}-${field.most}/${stepText}`);
  }
  const step = /^\d{1,3}$/.test(stepText) ? Number(stepText) : 0;
  const longest = field.most - field.least;
  if (step < 1 || step > longest) {
    return fault(range.length + 1, `expected a step from 1 to ${longest}, not \`${stepText}\``);
  }
  return { ok: true, from, to, step };
}

function valueOf(field: CronField, text: string): number | null {
  const named = field.names.indexOf(text.toLowerCase());
  if (named >= 0) return field.least + named;
  if (!/^\d{1,4}$/.test(text)) return null;
  const value = Number(text);
  return value >= field.least && value <= field.most ? value : null;
}

/** Sunday is 0 and 7; `*` means it once. */
function mostOf(field: CronField): number {
  return field.most === 7 ? 6 : field.most;
}

function expected(field: CronField, text: string): string {
  const names = field.names.length > 0 ? ` or ${field.names[0]} to ${field.names.at(-1)}` : '';
  const found = text === '' ? 'nothing' : `\`${text.slice(0, 20)}\``;
  return `expected ${field.name} from ${field.least} to ${field.most}${names}, not ${found}`;
}

function fault(at: number, why: string): CronFault {
  return { ok: false, at, why };
}
