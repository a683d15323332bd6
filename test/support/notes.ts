import type { Notify } from '../../src/config/notify.ts';
import { notifiedEvents, type Note } from '../../src/model/note.ts';

/** A note of a deployment that failed while it was built. */
export function noteOf(changes: Partial<Note> = {}): Note {
  return {
    schema: 1,
    id: '1:production:12:failed',
    event: 'failed',
    repository: { name: 'acme/shop', url: 'https://github.com/acme/shop' },
    environment: 'production',
    deployment: 12,
    operation: 'deploy',
    commit: 'a'.repeat(40),
    ref: 'greet',
    actor: 'mona',
    state: 'failed',
    reason: 'build_failed',
    step: 'build',
    message: 'web-1 failed: npm ci ended with 1',
    targets: ['web'],
    hosts: ['web-1', 'web-2'],
    link: 'https://github.com/acme/shop/issues/3#issuecomment-9',
    at: Date.UTC(2026, 0, 1),
    ...changes,
  };
}

/** The same with what people might write to do harm, wherever they may write. */
export const hostile = noteOf({
  ref: '<!channel> <https://evil.example|click> @here & *bold*',
  actor: 'eve\r\nBcc: everybody@example.org',
  message: 'x\r\n\r\n<b>y</b> [z](javascript:1) \u202egnp.exe \u0000 `code`',
  environment: 'prod\nuction',
});

type Kind = 'slack' | 'slack_token' | 'webhook' | 'mail' | 'pagerduty' | 'teams';

const events = [...notifiedEvents];

/** A receiver of each kind, whose address is in a variable. */
export const receivers = {
  slack: { slack: '$SLACK', events },
  slack_token: { slack_token: '$SLACK_TOKEN', channel: 'C012345', events },
  webhook: { webhook: '$HOOK', secret: '$HOOK_SECRET', events },
  mail: { mail: ['ops@example.org'], smtp: '$SMTP', from: 'sallyport@example.org', events },
  pagerduty: { pagerduty: '$PAGERDUTY', events: ['failed', 'completed'] },
  teams: { teams: '$TEAMS', events },
} satisfies Record<Kind, Notify>;
