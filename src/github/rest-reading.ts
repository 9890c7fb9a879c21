// The reading port over GitHub's REST API: one small file a subject, put together here.
import type { Client } from "./client.ts";
import type { Reading } from "./reading.ts";
import { type ArchiveDoor, readArchive } from "./reading-archive.ts";
import { readChecks } from "./reading-checks.ts";
import { type LogDoor, readFailures } from "./reading-failures.ts";
import { readGit } from "./reading-git.ts";
import { readIssues } from "./reading-issues.ts";
import { readPeople } from "./reading-people.ts";
import { readPulls } from "./reading-pulls.ts";
import { readRepository } from "./reading-repository.ts";
import { readReviews } from "./reading-reviews.ts";
import type { AddressOf } from "./repositories.ts";

export const restReading = (
  client: Client,
  at: AddressOf,
  doors: Readonly<{
    teams: () => Promise<Client>;
    actions: () => Promise<Client>;
    archives: ArchiveDoor;
    logs: LogDoor;
  }>,
): Reading => ({
  ...readRepository(client, at),
  ...readIssues(client, at),
  ...readPeople(client, at, doors.teams),
  ...readGit(client, at),
  ...readArchive(doors.archives, at),
  ...readChecks(client, at, doors.actions),
  ...readFailures(client, doors.logs, at),
  ...readPulls(client, at),
  ...readReviews(client, at),
});
