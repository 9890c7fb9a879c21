// A repository by the name that somebody wrote: this very name, now, as far as the installation is shown it.
import nock from "nock";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createGitHub } from "../../src/github/github.ts";
import { API, connection, INSTALLATION, mints, onlyNock, REPO } from "./connection-to-nock.ts";

beforeEach(onlyNock);
afterEach(() => nock.cleanAll());

const looking = () =>
  mints({
    token: "ghs_12345_secret",
    expires_at: "2026-11-21T11:00:00Z",
    permissions: { metadata: "read" },
    repository_selection: "all",
  });
const answers = (path: string, body: nock.Body, status = 200) => nock(API).get(path).reply(status, body);

it("is its number, in any case of the name", async () => {
  looking();
  answers("/repos/ACME/Widgets", { id: REPO, full_name: "acme/widgets" });
  expect(await createGitHub(connection()).find(INSTALLATION, "ACME/Widgets")).toBe(REPO);
});

it("is asked for with a token that can read nothing but what repositories are", async () => {
  nock(API)
    .post("/app/installations/77/access_tokens", { permissions: { metadata: "read" } })
    .reply(201, {
      token: "ghs_12345_secret",
      expires_at: "2026-11-21T11:00:00Z",
      permissions: { metadata: "read" },
      repository_selection: "all",
    });
  answers("/repos/acme/widgets", { id: REPO, full_name: "acme/widgets" });
  expect(await createGitHub(connection()).find(INSTALLATION, "acme/widgets")).toBe(REPO);
});

it("is none where GitHub has none, or shows another one that took its name along", async () => {
  looking();
  const github = createGitHub(connection());
  answers("/repos/acme/gone", { message: "Not Found" }, 404);
  expect(await github.find(INSTALLATION, "acme/gone")).toBeNull();
  answers("/repos/acme/old", { id: REPO, full_name: "acme/new" });
  expect(await github.find(INSTALLATION, "acme/old")).toBeNull();
});

it("is none where the text is no name, and GitHub is not asked", async () => {
  looking();
  const github = createGitHub(connection());
  for (const name of ["acme", "acme/a/b", ""]) expect(await github.find(INSTALLATION, name)).toBeNull();
});

it("is unknown while GitHub does not answer", async () => {
  looking();
  answers("/repos/acme/widgets", { message: "Server Error" }, 502);
  await expect(createGitHub(connection()).find(INSTALLATION, "acme/widgets")).rejects.toMatchObject({ code: "server" });
});
