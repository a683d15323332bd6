import { Probot, Server } from 'probot';
import { freePorts } from '../src/bin/rehearsal/free-ports.ts';

// A bare Probot of `bench/webhooks.ts`, in a process of its own; its settings are in the environment.
// One handler that does nothing, and no line a webhook in the log, as Sallyport's App has none.
const settings = {
  logLevel: 'fatal',
  appId: Number(process.env['APP_ID']),
  privateKey: process.env['PRIVATE_KEY']!,
  secret: process.env['WEBHOOK_SECRET']!,
} as const;
const { log } = await new Probot(settings).ready();
const [port = 0] = await freePorts(1);
const server = new Server({
  host: '127.0.0.1',
  port,
  webhookPath: '/api/github/webhooks',
  log,
  Probot: Probot.defaults(settings),
});
await server.load((app) => {
  app.on('issue_comment.created', () => undefined);
});
await server.start();
console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }));
