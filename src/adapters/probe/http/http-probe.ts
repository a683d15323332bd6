import { request, type IncomingMessage } from 'node:http';
import type { Probe, ProbeRequest, ProbeResult } from '../../../ports/probe.ts';

const maxBodyBytes = 64 * 1024;

/** Asks with `node:http` and a new connection each time: a kept-alive one would speak with the slot of before. */
export class HttpProbe implements Probe {
  get(url: string, timeoutMs: number, signal?: AbortSignal): Promise<ProbeResult> {
    return this.send({ method: 'GET', url, timeoutMs }, signal);
  }

  async send(asked: ProbeRequest, signal?: AbortSignal): Promise<ProbeResult> {
    const began = performance.now();
    const timeout = AbortSignal.timeout(asked.timeoutMs);
    const either = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
    const took = (): number => Math.round(performance.now() - began);
    try {
      const answer = await ask(asked, either);
      return { ...answer, error: null, durationMs: took() };
    } catch (thrown) {
      const error = timeout.aborted ? 'timeout' : codeOf(thrown);
      return { status: null, body: '', error, durationMs: took() };
    }
  }
}

async function ask(
  { method, url, socket, host }: ProbeRequest,
  signal: AbortSignal,
): Promise<{ status: number; body: string }> {
  // Rarely needed, and an idle agent stays small without it.
  const send = new URL(url).protocol === 'https:' ? (await import('node:https')).request : request;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { connection: 'close', 'user-agent': 'sallyport-probe', ...hostHeader(host) };
    const over = socket === undefined ? {} : { socketPath: socket };
    const options = { method, signal, agent: false, headers, ...over, ...named(host) };
    send(url, options, resolve).once('error', reject).end();
  });
  const body = await readStart(answer);
  return { status: answer.statusCode!, body };
}

function hostHeader(host: string | undefined): { readonly host?: string } {
  return host === undefined ? {} : { host };
}

/** The proxy on this host is asked for a name of its own: who it is, is not in question. */
function named(host: string | undefined) {
  return host === undefined ? {} : { servername: host, rejectUnauthorized: false };
}

/** The first part of the body; the connection of a longer one is closed. */
async function readStart(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= maxBodyBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBodyBytes).toString('utf8');
}

function codeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return (thrown as NodeJS.ErrnoException).code ?? thrown.name;
}
