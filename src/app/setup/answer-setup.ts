import type { IncomingMessage } from 'node:http';
import { asSallyportError } from '../../model/errors.ts';
import type { RegisteredApp } from './convert-code.ts';
import { manifestOf } from './manifest.ts';
import {
  confirmPage,
  donePage,
  problemPage,
  startPage,
  type FormWords,
  type PageWorld,
} from './pages.ts';
import type { SetupGate } from './setup-gate.ts';

export interface SetupWorld extends Omit<PageWorld, 'state'> {
  readonly gate: SetupGate;
  readonly words: FormWords;
  /** Has GitHub make the App, and keeps what it gives. */
  readonly register: (code: string) => Promise<RegisteredApp>;
}

export interface SetupAnswer {
  readonly status: number;
  readonly html?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const cookieName = 'sallyport_setup';
const maxForm = 16 * 1024;

/** Answers one request to the setup pages. Who was not let in learns nothing, and causes nothing. */
export async function answerSetup(
  request: IncomingMessage,
  world: SetupWorld,
): Promise<SetupAnswer> {
  const { gate } = world;
  const url = new URL(request.url ?? '/', 'http://setup');
  const words = url.searchParams;
  if (request.method === 'GET' && url.pathname === '/healthz') return { status: 200, html: '' };
  if (url.pathname !== '/setup' && url.pathname !== '/setup/done') return { status: 404 };
  if (gate.isOver) return problem(410, 'This is over. Begin again: sallyport app setup');
  const isIn = gate.knows(cookieOf(request));
  if (url.pathname === '/setup' && request.method === 'GET') {
    const token = words.get('token');
    return token !== null && !isIn ? letIn(token, gate) : showStart(isIn, world);
  }
  if (!isIn) return stranger();
  if (url.pathname === '/setup' && request.method === 'POST') return confirm(request, world);
  if (request.method !== 'GET') return { status: 405 };
  if (!gate.takeState(words.get('state') ?? '')) return stranger();
  return finish(words.get('code') ?? '', world);
}

function letIn(token: string, gate: SetupGate): SetupAnswer {
  const cookie = gate.enter(token);
  if (cookie === null) return stranger();
  // The token leaves the address bar. `Lax`: the way back from GitHub brings it too.
  const kept = `${cookieName}=${cookie}; Path=/setup; HttpOnly; SameSite=Lax`;
  return { status: 303, headers: { location: '/setup', 'set-cookie': kept } };
}

function showStart(isIn: boolean, world: SetupWorld): SetupAnswer {
  if (!isIn) return stranger();
  const { state } = world.gate;
  return { status: 200, html: startPage({ ...world, state }, world.words) };
}

async function confirm(request: IncomingMessage, world: SetupWorld): Promise<SetupAnswer> {
  const { gate, registration } = world;
  const form = new URLSearchParams(await readForm(request));
  if (!gate.isOwnForm(form.get('state') ?? '')) return stranger();
  const { origin = '' } = request.headers;
  if (!/^https?:\/\/[^/]+$/.test(origin)) return problem(400, 'Use a browser for this page.');
  const organization = (form.get('organization') ?? '').trim();
  if (!/^[\w-]{0,39}$/.test(organization))
    return problem(400, 'That is no name of an organisation.');
  try {
    const manifest = manifestOf(registration, {
      name: form.get('name') ?? '',
      url: form.get('url') ?? '',
      callback: `${origin}/setup/done`,
    });
    const page = confirmPage({ ...world, state: gate.state }, manifest, organization);
    return { status: 200, html: page };
  } catch (error) {
    return problem(400, asSallyportError(error).message);
  }
}

async function finish(code: string, { register }: SetupWorld): Promise<SetupAnswer> {
  if (!/^[\w-]{1,200}$/.test(code)) return problem(400, 'GitHub sent no code back.');
  try {
    return { status: 200, html: donePage((await register(code)).page) };
  } catch {
    return problem(502, 'The terminal shows what went wrong.');
  }
}

function stranger(): SetupAnswer {
  return problem(403, 'Open the address that the terminal shows. It works once, in one browser.');
}

function problem(status: number, message: string): SetupAnswer {
  return { status, html: problemPage(message) };
}

function cookieOf({ headers }: IncomingMessage): string {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === cookieName)?.[1] ?? '';
}

async function readForm(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxForm) return '';
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
