import { getInput } from '@actions/core';
import { exitCodes, SallyportError } from '../src/model/errors.ts';

const names = [
  'mode',
  'token',
  'signing-key',
  'public-key',
  'environment',
  'ref',
  'sha',
  'to',
  'reason',
  'only',
  'params',
  'wait',
  'timeout',
  'deployment',
  'config',
] as const;
export type InputName = (typeof names)[number];

/** The inputs of action.yml, trimmed; an absent one is ''. */
export type Inputs = Readonly<Record<InputName, string>>;

export function readInputs(): Inputs {
  return Object.fromEntries(names.map((name) => [name, getInput(name)])) as Inputs;
}

export function required(inputs: Inputs, name: InputName): string {
  const value = inputs[name];
  if (value !== '') return value;
  throw wrongInput(name, `the mode \`${inputs.mode}\` needs it`);
}

/** As YAML's core schema has it. */
export function booleanInput(inputs: Inputs, name: InputName): boolean {
  const value = inputs[name].toLowerCase();
  if (value === 'true') return true;
  if (value === 'false' || value === '') return false;
  throw wrongInput(name, '`true` or `false`');
}

/** In ms. */
export async function durationInput(inputs: Inputs, name: InputName): Promise<number> {
  // What reads configuration is not loaded by a comment that holds no command.
  const { Duration } = await import('../src/config/duration.ts');
  const parsed = Duration.safeParse(inputs[name]);
  if (parsed.success) return parsed.data;
  throw wrongInput(name, 'a duration such as `90s`, `30m` or `2h`');
}

/** What is wrong is said; the value itself may be a secret and is not. */
export function wrongInput(name: InputName, expected: string): SallyportError {
  return new SallyportError({
    code: 'input_invalid',
    message: `The input \`${name}\` is missing or not as it must be: ${expected}.`,
    hint: 'Inputs are described in docs/action.md.',
    exit: exitCodes.usage,
  });
}
