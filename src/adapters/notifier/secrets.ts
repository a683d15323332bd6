import { SallyportError } from '../../model/errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the sender lives by itself: no repository may have these sent anywhere. `PG…` is what the
 * PostgreSQL client reads besides the address, `POSTGRES_…` what its server is made with.
 */
const own =
  /^(?:APP_ID|PRIVATE_KEY(?:_PATH)?|WEBHOOK_SECRET|DATABASE_URL|PG[A-Z]+|(?:SALLYPORT|POSTGRES|GITHUB|GH|ACTIONS|RUNNER)_.*)$/;

/** Reads `$NAME` from the sender's own environment. Throws `secret_missing`, `secret_not_allowed`. */
export function secretsFrom(env: Environment): (name: string) => string {
  return (name) => {
    const variable = name.slice(1);
    if (own.test(variable)) {
      throw new SallyportError({
        code: 'secret_not_allowed',
        message: `${name} is not for notifications: the sender itself lives by it`,
        hint: 'Give the variable another name, such as $SLACK_WEBHOOK.',
      });
    }
    const value = env[variable];
    if (value) return value;
    throw new SallyportError({
      code: 'secret_missing',
      message: `${variable} is not set where notifications are sent from`,
      hint: `Set ${variable} in the environment of the App, or of the agent where there is no App.`,
    });
  };
}

/** The value as an address. Throws without showing it: it is a secret. */
export function addressIn(name: string, value: string, protocols: readonly string[]): URL {
  const url = URL.parse(value);
  if (url && protocols.includes(url.protocol)) return url;
  throw new SallyportError({
    code: 'secret_invalid',
    message: `${name} is no address that begins with ${protocols.join('// or ')}//`,
  });
}
