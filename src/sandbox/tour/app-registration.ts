/** What the App is registered with; as `app.yml` has it. */
export const appPermissions = {
  metadata: 'read',
  contents: 'read',
  issues: 'write',
  pull_requests: 'write',
  deployments: 'write',
  checks: 'write',
  statuses: 'read',
  actions: 'read',
  members: 'read',
} as const;

export const appEvents = [
  'issue_comment',
  'push',
  'release',
  'pull_request',
  'deployment_status',
  'check_suite',
  'status',
  'check_run',
  'deployment_protection_rule',
] as const;

/** What a host's token may do: read the code, write statuses. */
export const agentPermissions = { contents: 'read', deployments: 'write' } as const;
