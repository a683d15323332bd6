import { z } from 'zod';
import { Sha } from '../../model/job.ts';

/** A job of a workflow waits until Sallyport says that its environment is open. */
export interface RuleEvent {
  readonly environment: string;
  /** The workflow's run; `null` where the event names none. */
  readonly run: number | null;
  /** `null` where the event does not tell what is to be deployed. */
  readonly sha: Sha | null;
  /** Who started the run. */
  readonly actor: string;
}

/** Only the number is taken from the address: where to answer, the App knows itself. */
const callback = /\/actions\/runs\/([1-9]\d{0,15})\/deployment_protection_rule\/?$/u;

const Rule = z
  .object({
    environment: z.string().min(1).max(255),
    deployment_callback_url: z.string().max(2048),
    deployment: z.object({ sha: Sha }).nullish(),
    sender: z.object({ login: z.string() }),
  })
  .transform(({ environment, deployment_callback_url, deployment, sender }): RuleEvent => {
    const [, run] = callback.exec(deployment_callback_url) ?? [];
    return {
      environment,
      run: run === undefined ? null : Number(run),
      sha: deployment?.sha ?? null,
      actor: sender.login,
    };
  });

/** Reads only the fields that are used; throws where one of them is not as GitHub promises. */
export const readRule = (payload: unknown): RuleEvent => Rule.parse(payload);
