import { z } from 'zod';
import type { PermissionReader, TeamReader } from '../ports.ts';
import { orNull, type Ask } from './request.ts';

const Answer = z.object({
  // GitHub puts `maintain` under `write` and `triage` under `read`; custom roles under what they allow.
  permission: z.enum(['none', 'read', 'write', 'admin']).catch('none'),
  // No custom role can have the name of one of GitHub's own.
  role_name: z.string().optional(),
  user: z.object({ id: z.number() }).nullable(),
});

export function readPermissions(ask: Ask): PermissionReader {
  return {
    async permissionOf({ id, login }) {
      const answer = await orNull(
        ask('GET /repos/{owner}/{repo}/collaborators/{username}/permission', { username: login }),
      );
      const held = Answer.safeParse(answer);
      if (!held.success || held.data.user?.id !== id) return 'none';
      const { permission, role_name: role } = held.data;
      return permission === 'write' && role === 'maintain' ? 'maintain' : permission;
    },
  };
}

const Membership = z.object({ state: z.string() });

export function readTeams(ask: Ask): TeamReader {
  return {
    async isInTeam({ login }, org, team_slug) {
      const answer = await orNull(
        ask('GET /orgs/{org}/teams/{team_slug}/memberships/{username}', {
          org,
          team_slug,
          username: login,
        }),
      );
      const membership = Membership.safeParse(answer);
      return membership.success && membership.data.state === 'active';
    },
  };
}
