import type { CommanderError } from 'commander';
import { SallyportError, exitCodes } from '../model/errors.ts';
import { nearest } from '../model/nearest.ts';
import type { Verb } from './verb.ts';

/** What a command line that could not be read is told: what is wrong, and what was likely meant. */
export function usageError(
  thrown: CommanderError,
  words: readonly string[],
  verbs: readonly Verb[],
): SallyportError {
  const plain = words.filter((word) => !word.startsWith('-'));
  const verb = verbs
    .filter(({ name }) => `${plain.join(' ')} `.startsWith(`${name} `))
    .toSorted((a, b) => b.name.length - a.name.length)[0];
  if (!verb) return unknownVerb(plain, verbs);
  return new SallyportError({
    code: 'usage',
    message: sentence(thrown.message),
    hint: `sallyport ${verb.name} --help`,
    exit: exitCodes.usage,
  });
}

function unknownVerb(words: readonly string[], verbs: readonly Verb[]): SallyportError {
  const typed = words.slice(0, 2).join(' ');
  const group = verbs.some(({ name }) => name.startsWith(`${words[0]} `));
  const unknown = group ? typed : (words[0] ?? '');
  const meant =
    nearest(
      unknown,
      verbs.map(({ name }) => name),
    ) ??
    nearest(
      typed,
      verbs.map(({ name }) => name),
    );
  return new SallyportError({
    code: unknown === '' ? 'usage' : 'unknown_verb',
    message:
      unknown === ''
        ? 'The option is not known.'
        : `There is no verb \`${unknown}\`.${meant === undefined ? '' : ` Did you mean \`${meant}\`?`}`,
    hint: meant === undefined ? 'sallyport --help' : `sallyport ${meant} --help`,
    exit: exitCodes.usage,
  });
}

/** commander's `error: unknown option '--x'` as a sentence. */
function sentence(message: string): string {
  const text = message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?)]$/.test(text) ? '' : '.'}`;
}
