import { z } from 'zod';
import { section } from './later.ts';

const nameRule = 'lower-case letters, digits and _, a letter first, at most 40';

/** The name of a parameter: handed to programs as `SALLYPORT_PARAM_NAME`. */
const ParamName = z
  .string({ error: nameRule })
  .regex(/^[a-z][a-z0-9_]{0,39}$/)
  .refine((name) => !(name in Object.prototype), { error: 'may not be used as a name' });

const Param = section({
  type: z.enum(['string', 'number', 'boolean']).default('string'),
  choices: z
    .array(z.string().min(1).max(255))
    .min(1)
    .optional()
    .describe('All values that there are; absent: any of this type.'),
  default: z.union([z.string().max(1024), z.number(), z.boolean()]).optional(),
  required: z.boolean().default(false),
  describe: z.string().max(255).optional().describe('For people, shown where it is missing.'),
}).refine((param) => param.default === undefined || isFitting(`${param.default}`, param), {
  error: 'the default is not of this type, or none of the choices',
  path: ['default'],
});
export type Param = z.output<typeof Param>;

/** What people may type after `|`: `/deploy staging | replicas=3`. Data for programs, never for a shell. */
export const Params = z
  .record(ParamName, Param)
  .describe('What people may give after `|`; programs find it as SALLYPORT_PARAM_NAME.');

/** What decides which values there are. */
interface Values {
  readonly type: 'string' | 'number' | 'boolean';
  readonly choices?: readonly string[] | undefined;
}

/** Whether a text may be the value of the parameter; it is handed on as it stands. */
export function isFitting(value: string, { type, choices }: Values): boolean {
  if (choices !== undefined && !choices.includes(value)) return false;
  if (/\p{Cc}/u.test(value)) return false;
  if (type === 'number') return /^-?(?:0|[1-9]\d{0,15})(?:\.\d{1,15})?$/.test(value);
  return type === 'string' || value === 'true' || value === 'false';
}
