import { isFitting, type Param } from '../config/params.ts';
import { nearest } from '../model/nearest.ts';

/** A target of the deployment, with what it declares. */
export interface ParamTarget {
  readonly name: string;
  readonly config: { readonly params: Readonly<Record<string, Param>> };
}

export interface GivenParams {
  /** What the person typed, by name: every one of them has to be declared, and to fit. */
  readonly typed: Readonly<Record<string, string>>;
  /** Of the job that is gone back to or promoted; what was typed comes first. */
  readonly carried?: Readonly<Record<string, string>>;
}

export type ResolvedParams =
  | { readonly ok: true; readonly params: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly message: string; readonly hint: string };

/** Under which names a job's `params` hold what people gave. */
const prefix = 'param.';

/**
 * Holds what was typed against what the targets declare, and fills in defaults on which they agree.
 * Nothing is guessed: a value of another type is refused, and handed on as it was typed.
 */
export function resolveParams(
  { typed, carried = {} }: GivenParams,
  targets: readonly ParamTarget[],
): ResolvedParams {
  const declared = declaredBy(targets);
  const stranger = Object.keys(typed).find((name) => !declared.has(name));
  if (stranger !== undefined) return refuseUnknown(stranger, declared);
  const params: Record<string, string> = {};
  for (const [name, all] of declared) {
    const value = own(typed, name) ?? own(carried, name);
    const misfit =
      value === undefined ? undefined : all.find(({ param }) => !isFitting(value, param));
    if (misfit) return refuseMisfit(name, misfit);
    const [first] = all;
    const missing = all.find(({ param }) => param.required && param.default === undefined);
    if (value === undefined && missing) return refuseMissing(name, missing);
    const common = all.every(({ param }) => param.default === first?.param.default);
    const filled = value ?? (common ? first?.param.default : undefined);
    if (filled !== undefined) params[prefix + name] = `${filled}`;
  }
  return { ok: true, params };
}

/** What people gave to a job, by name. */
export function givenOf(
  params: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(params)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}

/** What one target of a job is handed: what it declares, as given or by default. */
export function paramsFor(
  given: Readonly<Record<string, string>>,
  { params }: ParamTarget['config'],
): Readonly<Record<string, string>> {
  const known = givenOf(given);
  const values = Object.entries(params).map(([name, param]) => [
    name,
    own(known, name) ?? param.default,
  ]);
  return Object.fromEntries(
    values.flatMap(([name, value]) => (value === undefined ? [] : [[name, `${value}`]])),
  );
}

interface Declared {
  readonly target: string;
  readonly param: Param;
}

function declaredBy(targets: readonly ParamTarget[]): ReadonlyMap<string, readonly Declared[]> {
  const all = targets.flatMap(({ name: target, config }) =>
    Object.entries(config.params).map(([name, param]) => ({ name, target, param })),
  );
  return Map.groupBy(all, ({ name }) => name);
}

function refuseUnknown(
  name: string,
  declared: ReadonlyMap<string, readonly Declared[]>,
): ResolvedParams {
  const known = [...declared.keys()];
  const meant = nearest(name, known);
  const message = `No target here takes the parameter ${name}`;
  if (meant !== undefined) return { ok: false, message, hint: `Did you mean ${meant}?` };
  const hint =
    known.length === 0
      ? 'Type the command without parameters, or declare them: `params` of the target.'
      : `The parameters there are: ${known.join(', ')}`;
  return { ok: false, message, hint };
}

function refuseMisfit(name: string, { target, param }: Declared): ResolvedParams {
  const wanted = param.choices ? `one of ${param.choices.join(', ')}` : kinds[param.type];
  return {
    ok: false,
    message: `${target} takes ${wanted} as ${name}`,
    hint: `Type the command again with: | ${name}=${exampleOf(param)}`,
  };
}

function refuseMissing(name: string, { target, param }: Declared): ResolvedParams {
  const why = param.describe === undefined ? '' : ` (${param.describe})`;
  return {
    ok: false,
    message: `${target} needs the parameter ${name}${why}`,
    hint: `Type the command again with: | ${name}=${exampleOf(param)}`,
  };
}

const kinds: Readonly<Record<Param['type'], string>> = {
  string: 'a text of one line',
  number: 'a number such as 3 or -0.5',
  boolean: 'true or false',
};

function exampleOf({ type, choices }: Param): string {
  const word = choices?.[0] ?? { string: '…', number: '3', boolean: 'true' }[type];
  return /\s/.test(word) ? `"${word}"` : word;
}

function own(record: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
