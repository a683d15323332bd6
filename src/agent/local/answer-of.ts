import type { ActAnswer } from './act-request.ts';

interface Facts {
  readonly verb: ActAnswer['verb'];
  readonly environment: string;
  readonly deployment: number | null;
  readonly commit?: string | null;
  readonly message: string;
  readonly next?: string | null;
}

export function answerOf({
  verb,
  environment,
  deployment,
  commit = null,
  message,
  next = null,
}: Facts): ActAnswer {
  const id = deployment === null ? null : String(deployment);
  return { schema: 1, ok: true, verb, environment, deployment: id, commit, message, next };
}
