import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Received, Reply } from './http-receiver.ts';

/** What the vendors document of what they take; strict, so that nothing is sent that they do not know. */
const Plain = z.strictObject({
  type: z.literal('plain_text'),
  text: z.string().min(1).max(2000),
  emoji: z.boolean(),
});
const Marked = z.strictObject({
  type: z.literal('mrkdwn'),
  text: z.string().min(1).max(3000),
  verbatim: z.boolean(),
});
const Blocks = z
  .array(
    z.discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('header'),
        text: Plain.extend({ text: z.string().min(1).max(150) }),
      }),
      z.strictObject({ type: z.literal('section'), fields: z.array(Plain).min(1).max(10) }),
      z.strictObject({ type: z.literal('context'), elements: z.array(Marked).min(1).max(10) }),
    ]),
  )
  .max(50);
const message = {
  text: z.string().min(1).max(4000),
  blocks: Blocks,
  unfurl_links: z.boolean(),
  unfurl_media: z.boolean(),
};
const SlackWebhook = z.strictObject(message);
const SlackPost = z.strictObject({
  ...message,
  channel: z.string().regex(/^C[0-9A-Z]+$/),
  thread_ts: z
    .string()
    .regex(/^\d+\.\d{6}$/)
    .optional(),
  reply_broadcast: z.boolean().optional(),
});

const PagerdutyEvent = z.strictObject({
  routing_key: z.string().length(32),
  event_action: z.enum(['trigger', 'acknowledge', 'resolve']),
  dedup_key: z.string().min(1).max(255),
  client: z.string(),
  client_url: z.url().optional(),
  links: z.array(z.strictObject({ href: z.url(), text: z.string() })).optional(),
  payload: z.strictObject({
    summary: z.string().min(1).max(1024),
    source: z.string().min(1),
    severity: z.enum(['critical', 'error', 'warning', 'info']),
    timestamp: z.iso.datetime(),
    component: z.string(),
    group: z.string(),
    class: z.string(),
    custom_details: z.record(z.string(), z.string()),
  }),
});

const TextRun = z.strictObject({
  type: z.literal('TextRun'),
  text: z.string().min(1),
  weight: z.enum(['Default', 'Lighter', 'Bolder']).optional(),
  size: z.enum(['Default', 'Small', 'Medium', 'Large', 'ExtraLarge']).optional(),
});
const TeamsMessage = z.strictObject({
  type: z.literal('message'),
  attachments: z.tuple([
    z.strictObject({
      contentType: z.literal('application/vnd.microsoft.card.adaptive'),
      contentUrl: z.null(),
      content: z.strictObject({
        $schema: z.literal('http://adaptivecards.io/schemas/adaptive-card.json'),
        type: z.literal('AdaptiveCard'),
        version: z.string().regex(/^1\.[0-5]$/),
        body: z.array(
          z.strictObject({ type: z.literal('RichTextBlock'), inlines: z.array(TextRun).min(1) }),
        ),
        actions: z.array(
          z.strictObject({ type: z.literal('Action.OpenUrl'), title: z.string(), url: z.url() }),
        ),
      }),
    }),
  ]),
});

type Take = (received: Received) => Reply;

const json = (received: Received): unknown => {
  expectHeader(received, 'content-type', /^application\/json/);
  return JSON.parse(received.body);
};

export const slackWebhook: Take = (received) => {
  expectPath(received, '/services/T0/B0/secret');
  SlackWebhook.parse(json(received));
  return { status: 200, body: 'ok' };
};

/** Slack says most of what it refuses with a status of 200. */
export function slackApi(token: string): Take {
  let posted = 0;
  return (received) => {
    expectPath(received, '/api/chat.postMessage');
    if (received.headers.authorization !== `Bearer ${token}`) {
      return { status: 200, body: JSON.stringify({ ok: false, error: 'invalid_auth' }) };
    }
    const { channel } = SlackPost.parse(json(received));
    posted += 1;
    const ts = `1767225600.${String(posted).padStart(6, '0')}`;
    return { status: 200, body: JSON.stringify({ ok: true, channel, ts, message: {} }) };
  };
}

export const pagerduty: Take = (received) => {
  expectPath(received, '/v2/enqueue');
  const { dedup_key } = PagerdutyEvent.parse(json(received));
  const body = { status: 'success', message: 'Event processed', dedup_key };
  return { status: 202, body: JSON.stringify(body) };
};

export const teams: Take = (received) => {
  expectPath(received, '/workflows/secret?sig=x');
  TeamsMessage.parse(json(received));
  return { status: 202 };
};

/** Checks the signature over the raw body, as the documentation tells receivers to. */
export function signedHook(secret: string): Take {
  return (received) => {
    const signature = createHmac('sha256', secret).update(received.body).digest('hex');
    expectHeader(received, 'x-sallyport-signature-256', new RegExp(`^sha256=${signature}$`));
    expectHeader(received, 'x-sallyport-delivery', /^[0-9a-f]{32}$/);
    const { event } = z.object({ schema: z.literal(1), event: z.string() }).parse(json(received));
    expectHeader(received, 'x-sallyport-event', new RegExp(`^${event}$`));
    return { status: 204 };
  };
}

function expectPath({ path }: Received, wanted: string): void {
  if (path !== wanted) throw new Error(`posted to ${path}`);
}

function expectHeader({ headers }: Received, name: string, wanted: RegExp): void {
  const found = headers[name];
  if (typeof found !== 'string' || !wanted.test(found))
    throw new Error(`${name}: ${String(found)}`);
}
