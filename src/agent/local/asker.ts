import type { ActRequest, Caller } from './act-request.ts';

/** A person on the host, as jobs name people: the user id and the user name of this machine. */
export function actorOf({ name, uid }: Caller): { readonly id: number; readonly login: string } {
  return { id: uid, login: name };
}

/** The same request is one job, however often it is sent. */
export function causeOf({ request, verb }: ActRequest, host: string): string {
  return `operator:${host}:${verb}:${request}`;
}

/** Who said it and why, for people: at most 140 characters. */
export function wordsOf({ name }: Caller, what: string, reason = ''): string {
  return `${name}: ${what}${reason === '' ? '' : `: ${reason}`}`.replace(/\s+/g, ' ').slice(0, 140);
}
