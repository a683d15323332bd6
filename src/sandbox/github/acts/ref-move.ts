/** A ref that moved; forty zeroes stand for "was not" or "is no more". */
export interface RefMove {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  readonly forced: boolean;
}

export const noCommit = '0'.repeat(40);
