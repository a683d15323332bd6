import { z } from 'zod';

/** A status that somebody gave a deployment. */
export interface StatusEvent {
  readonly deployment: number;
  /** `sallyport` for ours. */
  readonly task: string;
  readonly state: string;
}

const Status = z
  .object({
    deployment: z.object({ id: z.int(), task: z.string() }),
    deployment_status: z.object({ state: z.string() }),
  })
  .transform(({ deployment, deployment_status }): StatusEvent => ({
    deployment: deployment.id,
    task: deployment.task,
    state: deployment_status.state,
  }));

/** Reads only the fields that are used; throws where one of them is not as GitHub promises. */
export const readStatus = (payload: unknown): StatusEvent => Status.parse(payload);
