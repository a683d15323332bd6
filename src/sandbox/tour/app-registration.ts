/** What the App is registered with; as `app.yml` has it. */
export const appPermissions = {
  metadata: 'read',
  actions: 'read',
  contents: 'read',
  issues: 'write',
  pull_requests: 'write',
  deployments: 'write',
  checks: 'read',
  statuses: 'read',
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
] as const;

/** What a host's token may do: read the code, write statuses. */
export const agentPermissions = { contents: 'read', deployments: 'write' } as const;
