import type { Notify } from '../../config/notify.ts';
import type { Notifier } from '../../ports/notifier.ts';
import { createSend } from '../github-http/send.ts';
import { mailNotifier } from './mail.ts';
import { pagerdutyNotifier } from './pagerduty.ts';
import { secretsFrom } from './secrets.ts';
import { slackThreadNotifier } from './slack-thread.ts';
import { slackNotifier } from './slack.ts';
import { teamsNotifier } from './teams.ts';
import { webhookNotifier } from './webhook.ts';
import type { NotifierWorld } from './world.ts';

/** What of the world is not the same for everybody. */
export interface OpenerOptions extends Pick<NotifierWorld, 'texts' | 'memory'> {
  /** Where `$NAME` is looked up. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Builds a receiver's notifier when it is first wanted, and keeps it. Throws where a variable is missing or wrong. */
export function notifierOpener({ env, ...given }: OpenerOptions): (receiver: Notify) => Notifier {
  const world: NotifierWorld = {
    ...given,
    secret: secretsFrom(env),
    send: createSend(),
    timeoutMs: 10_000,
    slackApi: 'https://slack.com/api',
    pagerdutyApi: 'https://events.pagerduty.com',
  };
  const opened = new Map<string, Notifier>();
  return (receiver) => {
    const key = JSON.stringify(receiver);
    const notifier = opened.get(key) ?? createNotifier(receiver, world);
    opened.set(key, notifier);
    return notifier;
  };
}

/** The key that a receiver has says which kind it is. */
export function createNotifier(receiver: Notify, world: NotifierWorld): Notifier {
  if ('slack' in receiver) return slackNotifier(receiver, world);
  if ('slack_token' in receiver) return slackThreadNotifier(receiver, world);
  if ('webhook' in receiver) return webhookNotifier(receiver, world);
  if ('mail' in receiver) return mailNotifier(receiver, world);
  if ('pagerduty' in receiver) return pagerdutyNotifier(receiver, world);
  return teamsNotifier(receiver, world);
}
