import { closedGate, openGate, type GateDecision } from './gate.ts';

/** Drafts are not deployed, unless the environment takes them. */
export function judgeDraft(facts: {
  readonly isDraft: boolean;
  /** `pull_requests.drafts` of the environment. */
  readonly admitted: boolean;
  readonly environment: string;
}): GateDecision {
  if (!facts.isDraft) return openGate('draft', 'ready', 'The pull request is no draft');
  if (facts.admitted) return openGate('draft', 'admitted', `${facts.environment} takes drafts`);
  return closedGate(
    'draft',
    'is_draft',
    `The pull request is a draft, and ${facts.environment} takes none`,
    `Mark it as ready for review, then type: /deploy ${facts.environment}`,
  );
}
