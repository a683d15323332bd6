import { SallyportError } from '../../../model/errors.ts';

/**
 * The text of an `EnvironmentFile=`: every value in double quotes, in which systemd reads `\` before
 * `"`, `\`, `` ` `` and `$` as an escape and everything else as it stands, line breaks included.
 * Refuses what systemd would leave out without a word: control characters but tab and line feed.
 */
export function environmentFile(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([name, value]) => {
      // The value may be a secret: only its name is told.
      if (!/^[A-Za-z_]\w*$/.test(name) || /(?![\t\n])\p{Cc}/u.test(value)) {
        throw new SallyportError({
          code: 'start_failed',
          message: `systemd does not take the environment variable ${name}: its name or value has a character that it refuses`,
          hint: 'control characters other than tab and line feed cannot be passed on; encode them, for example in Base64',
        });
      }
      return `${name}="${value.replaceAll(/["\\`$]/g, String.raw`\$&`)}"\n`;
    })
    .join('');
}
