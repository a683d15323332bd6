import { wrongInput, type Inputs } from './inputs.ts';

const line = /^([A-Za-z_]\w{0,39})=(.*)$/u;

/** The parameters of a person, under the names that a job has for them. */
export function readParams(inputs: Inputs): Readonly<Record<string, string>> {
  const lines = inputs.params.split(/\r?\n/u).map((one) => one.trim());
  const pairs = lines
    .filter((one) => one !== '')
    .map((one) => {
      const [, name, value] = line.exec(one) ?? [];
      if (name === undefined || value === undefined) {
        throw wrongInput('params', 'one `name=value` a line');
      }
      return [`param.${name}`, value] as const;
    });
  return Object.fromEntries(pairs);
}
