// Every route that the local GitHub knows, in the order in which they are tried.
import type { Route } from "../route.ts";
import { appRoutes } from "./app.ts";
import { archiveRoutes } from "./archives.ts";
import { checkRoutes } from "./checks.ts";
import { contentRoutes } from "./contents.ts";
import { deploymentRoutes } from "./deployments.ts";
import { gitRoutes } from "./git.ts";
import { graphqlRoutes } from "./graphql.ts";
import { hookRoutes } from "./hooks.ts";
import { issueRoutes } from "./issues.ts";
import { logRoutes } from "./logs.ts";
import { peopleRoutes } from "./people.ts";
import { pullRoutes } from "./pulls.ts";
import { repositoryRoutes } from "./repositories.ts";

// Commits have routes in several files; the one that takes any ref comes last.
export const ROUTES: readonly Route[] = [
  ...appRoutes,
  ...hookRoutes,
  ...repositoryRoutes,
  ...peopleRoutes,
  ...issueRoutes,
  ...checkRoutes,
  ...pullRoutes,
  ...deploymentRoutes,
  ...gitRoutes,
  ...archiveRoutes,
  ...logRoutes,
  ...graphqlRoutes,
  ...contentRoutes,
];
