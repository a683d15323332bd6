import { wrongInput, type Inputs } from './inputs.ts';

const line = /^([A-Za-z_]\w{0,39})=(.*)$/u;

/** What a comment gives after `|`; what the targets declare is held against it later. */
export function readParams(inputs: Inputs): Readonly<Record<string, string>> {
  const lines = inputs.params.split(/\r?\n/u).map((one) => one.trim());
  const pairs = lines
    .filter((one) => one !== '')
    .map((one) => {
      const [, name, value] = line.exec(one) ?? [];
      if (name === undefined || value === undefined) {
        throw wrongInput('params', 'one `name=value` a line');
      }
      return [name, value] as const;
    });
  return Object.fromEntries(pairs);
}
