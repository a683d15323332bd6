import { StepFailure } from './target.ts';

/**
 * What earlier targets gave, as variables of a program: `address` of the target `database` is
 * SALLYPORT_OUTPUT_DATABASE_ADDRESS. Text stays as it is, all else is JSON. Refuses two that would
 * be called the same.
 */
export function outputVariables(
  outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Readonly<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const [target, given] of Object.entries(outputs)) {
    for (const [name, value] of Object.entries(given)) {
      const variable = `SALLYPORT_OUTPUT_${wordOf(target)}_${wordOf(name)}`;
      if (Object.hasOwn(variables, variable)) throw ambiguous(variable, `${target}.${name}`);
      variables[variable] = typeof value === 'string' ? value : JSON.stringify(value);
    }
  }
  return variables;
}

function wordOf(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

function ambiguous(variable: string, output: string): StepFailure {
  return new StepFailure('config_invalid', `two outputs would be ${variable}, one is ${output}`, [
    'give one of the two, or its target, another name',
  ]);
}
