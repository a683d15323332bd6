import { z } from 'zod';
import type { Person } from '../ports.ts';
import { Account } from './account.ts';

/** Somebody pressed a button under a check run. */
export interface ButtonEvent {
  /** The deployment that the check run shows; `null` where it shows none of ours. */
  readonly deployment: number | null;
  readonly checkRun: number;
  readonly identifier: string;
  readonly sender: Person;
  readonly isByPerson: boolean;
}

const Button = z
  .object({
    check_run: z.object({ id: z.int(), external_id: z.string().nullable() }),
    requested_action: z.object({ identifier: z.string().max(20) }),
    sender: Account.extend({ type: z.string() }),
  })
  .transform(({ check_run, requested_action, sender }): ButtonEvent => ({
    deployment: /^[1-9]\d{0,15}$/.test(check_run.external_id ?? '')
      ? Number(check_run.external_id)
      : null,
    checkRun: check_run.id,
    identifier: requested_action.identifier,
    sender: { id: sender.id, login: sender.login },
    isByPerson: sender.type === 'User',
  }));

/** Reads only the fields that are used; throws where one of them is not as GitHub promises. */
export const readButton = (payload: unknown): ButtonEvent => Button.parse(payload);
