import type { Command, CommandError } from './command.ts';

/** More than this are no longer typed by a person. */
const maxInputs = 20;
const maxValue = 1024;

/** `name=value`, the value in double quotes where it holds white space. */
const pair = /^([^\s="“”]{1,80})=(?:["“”]([^"“”]*)["“”](?=\s|$)|([^\s"“”]*)(?=\s|$))/u;

/**
 * What stands after `|`: data for targets, kept as it was typed. Which names and values there may
 * be is up to the targets.
 */
export function readInputs(
  text: string,
  line: number,
): { readonly inputs: Command['inputs'] } | CommandError {
  const inputs = new Map<string, string>();
  let rest = text.trim();
  while (rest !== '') {
    const [whole, name, quoted, plain] = pair.exec(rest) ?? [];
    const value = quoted ?? plain;
    if (whole === undefined || name === undefined || value === undefined) {
      return invalid(line, 'After `|` come parameters: `name=value` or `name="two words"`.');
    }
    const problem = inputs.has(name)
      ? `The parameter \`${name}\` is given twice.`
      : (problemOfName(name) ?? problemOfValue(name, value));
    if (problem !== null) return invalid(line, problem);
    inputs.set(name, value);
    if (inputs.size > maxInputs) return invalid(line, `At most ${maxInputs} parameters are read.`);
    rest = rest.slice(whole.length).trimStart();
  }
  return { inputs: Object.fromEntries(inputs) };
}

function problemOfName(name: string): string | null {
  if (!/^[a-z][a-z0-9_]{0,39}$/.test(name)) {
    return 'The name of a parameter is lower-case letters, digits and `_`, a letter first, at most 40.';
  }
  return name in Object.prototype ? `No parameter may be called \`${name}\`.` : null;
}

function problemOfValue(name: string, value: string): string | null {
  if (value.length > maxValue) {
    return `The parameter \`${name}\` has more than ${maxValue} characters.`;
  }
  return /\p{Cc}/u.test(value) ? `The parameter \`${name}\` holds a control character.` : null;
}

function invalid(line: number, message: string): CommandError {
  return { line, code: 'invalid_parameter', message };
}
