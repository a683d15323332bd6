import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

interface Example {
  readonly action: string;
  readonly installation?: unknown;
}

/** The body of GitHub's own example of a comment, 14 kB, without a command in it. */
export function commentWebhook(): string {
  const path = createRequire(import.meta.url).resolve(
    '@octokit/webhooks-examples/api.github.com/index.json',
  );
  const events = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly name: string;
    readonly examples: readonly Example[];
  }[];
  const { examples } = events.find(({ name }) => name === 'issue_comment')!;
  const example = examples.find(({ action, installation }) => action === 'created' && installation);
  return JSON.stringify(example);
}

/** What wrk runs to send a signed webhook over and over, each time with a new delivery id. */
export function wrkScript(body: string, secret: string): string {
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return `
local threads, count, mine = 0, 0, nil
function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end
function init()
  mine = number .. "-" .. os.time() .. "-"
end
wrk.method = "POST"
wrk.path = "/api/github/webhooks"
wrk.body = [==[${body}]==]
wrk.headers["content-type"] = "application/json"
wrk.headers["user-agent"] = "GitHub-Hookshot/bench"
wrk.headers["x-github-event"] = "issue_comment"
wrk.headers["x-hub-signature-256"] = "sha256=${signature}"
function request()
  count = count + 1
  wrk.headers["x-github-delivery"] = mine .. count
  return wrk.format()
end
`;
}
