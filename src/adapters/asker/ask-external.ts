import { join } from 'node:path';
import { z } from 'zod';
import type { Ask, AskedFacts, ExternalAnswer, ExternalGate } from '../../ports/asker.ts';
import type { Probe } from '../../ports/probe.ts';
import type { Programs } from '../../ports/programs.ts';

export interface AskerParts {
  readonly programs: Programs;
  readonly probe: Probe;
  /** The agent's state folder: programs run there, and their output goes to its logs. */
  readonly state: string;
  /** The agent's own environment; programs get no more than PATH, HOME and LANG of it. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
}

/**
 * Asks a program, which opens with exit code 0 and closes with any other, or an address, which opens
 * with a status of 2xx and closes with one of 4xx. Whatever else comes back is no answer.
 */
export function createAsk(parts: AskerParts): Ask {
  return async (gate, facts, signal) => {
    signal.throwIfAborted();
    const answer = gate.url
      ? await askAddress(gate.url, gate, facts, parts, signal)
      : await askProgram(gate, facts, parts, signal);
    signal.throwIfAborted();
    return answer;
  };
}

async function askProgram(
  { name, command, timeout }: ExternalGate,
  facts: AskedFacts,
  { programs, state, inherited }: AskerParts,
  signal: AbortSignal,
): Promise<ExternalAnswer | null> {
  const [file, ...args] = command ?? [];
  if (file === undefined) return null;
  // One log, and so one program at a time, for each question.
  const log = `external-${facts.environment}-${facts.deployment ?? 'gates'}-${name}.log`;
  const result = await programs
    .run(
      {
        command: [file, ...args],
        directory: state,
        env: environmentOf(facts, inherited),
        secrets: [],
        log: join(state, 'logs', log),
        timeoutMs: timeout,
      },
      signal,
    )
    .catch(() => null);
  if (typeof result?.status !== 'number') return null;
  const message = oneLine(result.tail.at(-1) ?? `exit code ${result.status}`);
  return { open: result.status === 0, message };
}

const Answer = z.object({ open: z.boolean().optional(), message: z.string().optional() });

async function askAddress(
  url: string,
  { timeout }: ExternalGate,
  facts: AskedFacts,
  { probe }: AskerParts,
  signal: AbortSignal,
): Promise<ExternalAnswer | null> {
  const { status, body } = await probe.get(withFacts(url, facts), timeout, signal);
  if (status === null || status < 200 || (status >= 300 && status < 400) || status >= 500) {
    return null;
  }
  const text = body.trim();
  const said = text.startsWith('{') ? Answer.safeParse(parseJson(text)).data : undefined;
  // An object that cannot be read, or that was cut off, might have said no.
  if (text.startsWith('{') && !said && status < 300) return null;
  const message = oneLine(said?.message ?? text.split('\n')[0] ?? '');
  return { open: status < 300 && said?.open !== false, message: message || `status ${status}` };
}

function withFacts(url: string, facts: AskedFacts): string {
  const asked = new URL(url);
  for (const [name, value] of entriesOf(facts)) asked.searchParams.set(name, value);
  return asked.href;
}

function environmentOf(
  facts: AskedFacts,
  inherited: AskerParts['inherited'],
): Readonly<Record<string, string>> {
  const kept = ['PATH', 'HOME', 'LANG'].flatMap((name) => {
    const value = inherited[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const told = entriesOf(facts).map(([name, value]) => [`SALLYPORT_${name.toUpperCase()}`, value]);
  return Object.fromEntries([...kept, ...told]) as Record<string, string>;
}

function entriesOf(facts: AskedFacts): readonly (readonly [string, string])[] {
  return Object.entries(facts).map(([name, value]) => [name, value === null ? '' : String(value)]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function oneLine(text: string): string {
  // What comes from outside must not move the cursor of whoever reads it.
  return text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, 200);
}
