// Routes of archives: GitHub sends whoever asks on to another host, where an address of its own, and no token, is what counts.
import { resolve } from "../acts/refs.ts";
import { notFound } from "../api-error.ts";
import { fullName } from "../records.ts";
import { openRoute, param, type Route, repoRoute } from "../route.ts";
import { tarballOf } from "../tarball.ts";

export const archiveRoutes: readonly Route[] = [
  repoRoute("GET /tarball/:ref*", [["contents", "read"]], (call) => {
    const { world, repo } = call;
    const ref = param(call, "ref") === "" ? repo.defaultBranch : param(call, "ref");
    const commit = resolve(repo, ref);
    if (commit === null) throw notFound();
    const query = repo.visibility === "public" ? "" : `?token=${world.openArchive(repo.id, commit)}`;
    const location = `${world.url}/codeload/${fullName(repo)}/legacy.tar.gz/${commit}${query}`;
    return { status: 302, headers: { location } };
  }),
  openRoute("GET /codeload/:owner/:repo/legacy.tar.gz/:commit", (call) => {
    const { world } = call;
    const repo = world.repo(param(call, "owner"), param(call, "repo"));
    const commit = param(call, "commit");
    if (repo === null || repo.git.commit(commit) === null) throw notFound();
    const mayRead =
      repo.visibility === "public" || world.mayOpenArchive(call.query.get("token") ?? "", repo.id, commit);
    if (!mayRead) throw notFound();
    const top = `${repo.owner.login}-${repo.name}-${commit.slice(0, 7)}`;
    return {
      status: 200,
      body: tarballOf(repo.git, commit, top),
      headers: { "content-type": "application/x-gzip", "content-disposition": `attachment; filename=${top}.tar.gz` },
    };
  }),
];
