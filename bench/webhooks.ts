import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSigningKey, signingKeyToPem } from '../src/model/keys.ts';
import { copyProgram } from './support/built-program.ts';
import { endProcess, startNode } from './support/processes.ts';
import { commentWebhook, wrkScript } from './support/webhook.ts';
import { median, runWrk, type Throughput } from './support/wrk.ts';

// Signed webhooks a second, of comments without a command: the built App beside a bare Probot with
// an empty handler; and unsigned ones, beside doing nothing. `node bench/webhooks.ts [--json]`; about 45 s. Needs wrk and `npm run build`.
const seconds = 3;
const rounds = 3;
const folder = await mkdtemp(join(tmpdir(), 'sallyport-bench-'));
const program = await copyProgram();
const secret = randomBytes(24).toString('hex');
const ending: (() => Promise<unknown>)[] = [() => program.remove()];

try {
  const script = join(folder, 'webhook.lua');
  await writeFile(script, wrkScript(commentWebhook(), secret));
  const env = await settings();
  const part = join(import.meta.dirname, 'webhooks-part.ts');
  const urls = new Map([
    ['bare Probot', await start([part], env)],
    ["Sallyport's App", await start([program.cli, 'app', '--json', '--port', '0'], env)],
  ]);
  const signed = await measure(urls, script);
  report(signed, await measureGarbage(urls.get("Sallyport's App")!));
} finally {
  await Promise.all(ending.map((end) => end()));
  await rm(folder, { recursive: true, force: true });
}

async function settings(): Promise<NodeJS.ProcessEnv> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = join(folder, 'signing.key');
  await writeFile(key, signingKeyToPem(generateSigningKey()), { mode: 0o600 });
  return {
    ...process.env,
    APP_ID: '1',
    PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    WEBHOOK_SECRET: secret,
    SALLYPORT_SIGNING_KEY: key,
    SALLYPORT_STATE: join(folder, 'state'),
  };
}

/** Starts a server that prints `{"url": …}`. */
async function start(words: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { child, line } = await startNode(words, env);
  ending.push(() => endProcess(child));
  return (JSON.parse(line) as { readonly url: string }).url;
}

/** In turns, so that a noisy moment hits both; medians. */
async function measure(
  urls: ReadonlyMap<string, string>,
  script: string,
): Promise<Record<string, Throughput>> {
  const samples = new Map([...urls.keys()].map((name) => [name, [] as Throughput[]]));
  for (const [, url] of urls) await runWrk(portOf(url), 1, script);
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, url] of urls) {
      samples.get(name)!.push(await runWrk(portOf(url), seconds, script));
    }
  }
  const medians = [...samples].map(([name, all]) => [
    name,
    {
      perSecond: median(all.map(({ perSecond }) => perSecond)),
      p99Ms: median(all.map(({ p99Ms }) => p99Ms)),
    },
  ]);
  return Object.fromEntries(medians) as Record<string, Throughput>;
}

/** What an unsigned webhook of 14 kB costs the App, beside a request for its health that costs nothing. */
async function measureGarbage(url: string): Promise<number> {
  const [unsigned, nothing] = [join(folder, 'unsigned.lua'), join(folder, 'nothing.lua')];
  const body = commentWebhook();
  await writeFile(
    unsigned,
    `wrk.method = "POST"\nwrk.path = "/api/github/webhooks"\nwrk.body = [==[${body}]==]\n`,
  );
  await writeFile(nothing, 'wrk.path = "/healthz"\n');
  const ratios = [];
  for (let round = 0; round < rounds; round += 1) {
    const refused = await runWrk(portOf(url), seconds, unsigned, true);
    const healthy = await runWrk(portOf(url), seconds, nothing);
    ratios.push(refused.perSecond / healthy.perSecond);
  }
  return median(ratios);
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

function report(result: Record<string, Throughput>, unsigned: number): void {
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ ...result, unsigned }));
    return;
  }
  const bare = result['bare Probot']!;
  const rows = Object.entries(result).map(([server, { perSecond, p99Ms }]) => ({
    server,
    'webhooks/s': Math.round(perSecond),
    '÷ bare': (perSecond / bare.perSecond).toFixed(2),
    'p99 ÷ bare': (p99Ms / bare.p99Ms).toFixed(2),
  }));
  console.table(rows);
  console.log(`unsigned webhooks ÷ requests for /healthz: ${unsigned.toFixed(2)}`);
}
