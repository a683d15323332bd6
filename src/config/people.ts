import { z } from 'zod';

const personRule = 'a login such as mona, or a team such as @acme/ops';

/** A login, or a team as `@org/team`. */
export const PersonOrTeam = z
  .string({ error: personRule })
  .max(140)
  .regex(
    /^(?:@?[A-Za-z0-9][A-Za-z0-9-]{0,38}(?:\[bot\])?|@[A-Za-z0-9-]{1,39}\/[A-Za-z0-9._-]{1,100})$/,
  );

/** Commands that `may` can name: all that change something. */
const guardedCommands = [
  'deploy',
  'plan',
  'approve',
  'reject',
  'rollback',
  'promote',
  'switch',
  'cancel',
  'lock',
  'unlock',
  'pause',
  'resume',
] as const;

/** Who may type which command; a command that is not named stays open to whoever may write. */
export const May = z
  .partialRecord(z.enum(guardedCommands), z.array(PersonOrTeam).min(1))
  .describe(
    'Who may type a command here: logins and teams, besides the permission to write. A command that is not named: whoever may write (`promote` and `switch`: whoever may `deploy`).',
  );
export type May = z.output<typeof May>;
