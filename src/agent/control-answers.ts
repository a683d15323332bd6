import type { IncomingMessage, ServerResponse } from 'node:http';
import { SallyportError, exitCodes, type ExitCode } from '../model/errors.ts';

/** How a refusal's exit code crosses the socket; the command line reads it back. */
export const statusOfExit: Readonly<Record<ExitCode, number>> = {
  [exitCodes.done]: 200,
  [exitCodes.failed]: 500,
  [exitCodes.usage]: 400,
  [exitCodes.refused]: 403,
  [exitCodes.notFound]: 404,
  [exitCodes.unreachable]: 502,
  [exitCodes.stillRunning]: 504,
};

/** The exit code that an answer's status stands for. */
export function exitOfStatus(status: number): ExitCode {
  const known = Object.values(exitCodes).find((exit) => statusOfExit[exit] === status);
  return known ?? exitCodes.failed;
}

/** A request is some hundred bytes. */
const longestBody = 16 * 1024;

export function send(response: ServerResponse, status: number, document: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(document)}\n`);
}

export function sendError(response: ServerResponse, status: number, error: SallyportError): void {
  const { code, message, hint } = error;
  if (response.headersSent) response.destroy();
  else send(response, status, { schema: 1, ok: false, error: { code, message, hint } });
}

/** Rejects with `request_invalid` for one that is too long or no JSON. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > longestBody) throw invalidRequest(`it is longer than ${longestBody} bytes`);
    pieces.push(piece);
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch {
    throw invalidRequest('it is not JSON');
  }
}

export function invalidRequest(why: string): SallyportError {
  return new SallyportError({
    code: 'request_invalid',
    message: `The agent cannot read the request: ${why}.`,
    hint: 'The program and the agent may be of different versions: sallyport --version',
    exit: exitCodes.usage,
  });
}

export function notFound(message: string): SallyportError {
  return new SallyportError({ code: 'not_found', message, exit: exitCodes.notFound });
}

export function unknownEnvironment(environment: string | null): SallyportError {
  return new SallyportError({
    code: 'environment_unknown',
    message:
      environment === null
        ? 'An environment is missing.'
        : `This agent does not serve an environment ${environment}.`,
    hint: 'See those that it serves: sallyport status',
    exit: exitCodes.notFound,
  });
}
