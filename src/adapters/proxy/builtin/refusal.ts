import type { IncomingMessage, ServerResponse } from 'node:http';

/** Why the proxy answers by itself. */
export interface Refusal {
  readonly status: 400 | 501 | 502 | 503 | 504;
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

/** Answers with a page for people whose client asks for one, and JSON for everything else. */
export function refuse(refusal: Refusal, request: IncomingMessage, response: ServerResponse): void {
  const html = (request.headers.accept ?? '').includes('text/html');
  const body = html ? page(refusal) : json(refusal);
  response.writeHead(refusal.status, {
    'Content-Type': html ? 'text/html; charset=utf-8' : 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    ...(refusal.status === 503 ? { 'Retry-After': '5' } : {}),
    // What is left of the request's body is not worth reading.
    ...(request.complete ? {} : { Connection: 'close' }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** The same on a bare socket, for an upgrade that goes nowhere. */
export function refusalMessage(refusal: Refusal): string {
  const body = json(refusal);
  return [
    `HTTP/1.1 ${refusal.status} ${refusal.code}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
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
