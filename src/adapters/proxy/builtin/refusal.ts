import { STATUS_CODES } from 'node:http';
import type { Exchange } from './exchange.ts';

/** Why the proxy answers by itself. */
export interface Refusal {
  readonly status: 400 | 421 | 501 | 502 | 503 | 504;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

export function noHealthySlot(route: string, why: string): Refusal {
  return {
    status: 503,
    code: 'no_healthy_slot',
    message: `No release of ${route} can take requests: ${why}.`,
    hint: 'Try again in a few seconds. Operators: sallyport status',
  };
}

export function slotFailed(route: string, slot: string, code: string): Refusal {
  if (code === 'UND_ERR_HEADERS_TIMEOUT') {
    return { status: 504, code: 'slot_timeout', message: `${route} (${slot}) took too long.` };
  }
  const message = `${route} (${slot}) did not answer (${code}).`;
  return { status: 502, code: 'slot_failed', message, hint: 'Operators: sallyport logs' };
}

export function inMaintenance(message: string): Refusal {
  return { status: 503, code: 'maintenance', message };
}

export function heldTooLong(route: string): Refusal {
  const message = `${route} is paused, and this request waited as long as it may.`;
  return { status: 503, code: 'paused', message, hint: 'Try again in a few seconds.' };
}

export function otherName(route: string): Refusal {
  return { status: 421, code: 'name_unknown', message: `${route} does not answer to this name.` };
}

/** Answers with a page for people whose client asks for one, and JSON for everything else. */
export function refuse(refusal: Refusal, exchange: Exchange): void {
  const html = (exchange.headers.accept ?? '').includes('text/html');
  const body = html ? page(refusal) : json(refusal);
  const headers = {
    'Content-Type': html ? 'text/html; charset=utf-8' : 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    'Cache-Control': 'no-store',
    ...retryAfter(refusal),
    // What is left of the request's body is not worth reading.
    ...(exchange.complete || exchange.version === 2 ? {} : { Connection: 'close' }),
  };
  const reason = STATUS_CODES[refusal.status] ?? '';
  exchange.begin(refusal.status, reason, Object.entries(headers).flat());
  exchange.sink.end(exchange.method === 'HEAD' ? undefined : body);
}

/** The same on a bare socket, for an upgrade that goes nowhere. */
export function refusalMessage(refusal: Refusal): string {
  const body = json(refusal);
  const headers = {
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    ...retryAfter(refusal),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map((pair) => pair.join(': '));
  return [`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`, ...lines, '', body].join(
    '\r\n',
  );
}

function retryAfter({ status }: Refusal): Readonly<Record<string, string>> {
  return status === 503 ? { 'Retry-After': '5' } : {};
}

function json({ code, message, hint }: Refusal): string {
  return `${JSON.stringify({ schema: 1, ok: false, error: { code, message, hint } })}\n`;
}

function page({ status, message, hint }: Refusal): string {
  const safe = (text: string) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
  return `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${status}</title>
<body style="font:16px/1.5 system-ui;margin:15vh auto;max-width:36em;padding:0 1em">
<h1>${status}</h1><p>${safe(message)}</p>${hint === undefined ? '' : `<p>${safe(hint)}</p>`}
`;
}
