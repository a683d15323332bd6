import type { Route } from '../http/router.ts';
import { appRoutes } from './app.ts';
import { checkRoutes } from './checks.ts';
import { commentRoutes } from './comments.ts';
import { commitRoutes } from './commits.ts';
import { compareRoutes } from './compare.ts';
import { contentRoutes } from './contents.ts';
import { deliveryRoutes } from './deliveries.ts';
import { deploymentStatusRoutes } from './deployment-statuses.ts';
import { deploymentRoutes } from './deployments.ts';
import { environmentRoutes } from './environments.ts';
import { gitObjectRoutes } from './git-objects.ts';
import { issueRoutes } from './issues.ts';
import { labelRoutes } from './labels.ts';
import { protectionRuleRoutes } from './protection-rules.ts';
import { pullRoutes } from './pulls.ts';
import { rateLimitRoutes } from './rate-limit.ts';
import { refRoutes } from './refs.ts';
import { repositoryRoutes } from './repositories.ts';
import { reviewRoutes } from './reviews.ts';
import { statusRoutes } from './statuses.ts';
import { updateBranchRoutes } from './update-branch.ts';
import { userRoutes } from './users.ts';

/** Every route that the stand-in knows, by resource. */
export const routes: readonly Route[] = [
  ...appRoutes,
  ...checkRoutes,
  ...commentRoutes,
  ...commitRoutes,
  ...compareRoutes,
  ...contentRoutes,
  ...deliveryRoutes,
  ...deploymentRoutes,
  ...deploymentStatusRoutes,
  ...environmentRoutes,
  ...gitObjectRoutes,
  ...issueRoutes,
  ...labelRoutes,
  ...protectionRuleRoutes,
  ...pullRoutes,
  ...rateLimitRoutes,
  ...refRoutes,
  ...repositoryRoutes,
  ...reviewRoutes,
  ...statusRoutes,
  ...updateBranchRoutes,
  ...userRoutes,
];
