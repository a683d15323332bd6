import { z } from 'zod';
import { notifiedEvents } from '../model/note.ts';
import { section } from './later.ts';
import { Name } from './words.ts';

const secretRule = 'the name of a variable of the sender, such as $SLACK_WEBHOOK';

/** `$NAME`: its value comes from the environment of whoever sends, never from the repository. */
const SecretName = z.string({ error: secretRule }).regex(/^\$[A-Z_][A-Z0-9_]{0,127}$/);

const Filter = {
  events: z
    .array(z.enum(notifiedEvents))
    .min(1)
    .default([...notifiedEvents])
    .describe('Which of them; absent: all.'),
  targets: z.array(Name).min(1).optional().describe('Only of these targets.'),
};

const Address = z.email();

/** One receiver. The key that it has says which kind it is. */
export const Notify = z
  .union(
    [
      section({ slack: SecretName.describe('An incoming webhook.'), ...Filter }),
      section({
        slack_token: SecretName.describe('A bot token; a thread for each deployment.'),
        channel: z.string().min(1).max(80),
        ...Filter,
      }),
      section({
        webhook: SecretName.describe('An address that is sent JSON.'),
        secret: SecretName.describe('Signs the body: `X-Sallyport-Signature-256`.'),
        ...Filter,
      }),
      section({
        mail: z.array(Address).min(1).describe('Receivers.'),
        smtp: SecretName.describe('`smtps://user:password@host:465`, or `smtp://` for STARTTLS.'),
        from: Address,
        ...Filter,
      }),
      section({
        pagerduty: SecretName.describe('A routing key, Events v2.'),
        ...Filter,
        events: z
          .array(z.enum(['failed', 'completed']))
          .min(1)
          .default(['failed', 'completed'])
          .describe('`failed` opens an incident, `completed` closes it.'),
      }),
      section({ teams: SecretName.describe('A webhook of a workflow.'), ...Filter }),
    ],
    { error: 'one of slack, slack_token, webhook, mail, pagerduty and teams, with its keys' },
  )
  .describe('Who is told of what happens.');
export type Notify = z.output<typeof Notify>;
