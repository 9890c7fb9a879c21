// A test runner for Stryker that imports the tests once and then only runs those that reach a mutant: many times faster than
// starting vitest for each. A killing test must pass again without the mutant, so that nothing that a mutant left behind kills others.
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { basename, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { INSTRUMENTER_CONSTANTS } from "@stryker-mutator/api/core";
import { commonTokens, declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import { DryRunStatus, determineHitLimitReached, MutantRunStatus, TestStatus } from "@stryker-mutator/api/test-runner";

const SHIM = new URL("./tests.mjs", import.meta.url).href;
/** One test, in milliseconds, before it counts as hanging. */
const PATIENCE_MS = Number(process.env.MUTATION_PATIENCE_MS ?? "60000");

const MOST_BYTES = 2_500_000_000;
/** Tests that a mutant must outlive to count as a survivor. A bound can only make the result worse than it is. */
const MOST_TESTS = Number(process.env.MUTATION_MOST_TESTS ?? "Infinity");
/** Tests with a database share nothing but modules, so that only every so many of their kills are looked after. */
const LOOK_AFTER_EVERY = Number(process.env.MUTATION_LOOK_AFTER ?? "1");
/** How long each test took without a mutant: told by one process to the others, beside the instrumented files. */
const DURATIONS = "durations.json";

const messageOf = (error) => (error instanceof Error ? error.message : String(error));
const chain = (suite) => (suite === null ? [] : [...chain(suite.parent), suite]);

class InProcessRunner {
  static inject = [commonTokens.options];
  #tests = null;
  #shim = null;
  #ns;
  #options;
  /** Stands behind the address of each module of the project, so that a mutant of what runs at import meets it anew. */
  #generation = 0;
  /** Whether the modules were loaded with a mutant in force. */
  #isTainted = false;
  /** Which test killed what: the next mutant of those lines mostly falls to the same. */
  #kills = [];
  #durations = null;

  constructor(options) {
    const namespace = INSTRUMENTER_CONSTANTS.NAMESPACE;
    this.#options = options.inProcess;
    globalThis[namespace] ??= {};
    this.#ns = globalThis[namespace];
    process.on("unhandledRejection", () => {});
    process.on("uncaughtException", () => {});
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  #hook() {
    const root = pathToFileURL(`${process.cwd()}/`).href;
    registerHooks({
      resolve: (specifier, context, next) => {
        if (specifier === "vitest") return { url: SHIM, shortCircuit: true };
        const found = next(specifier, context);
        const isOurs = found.url.startsWith(root) && found.url.endsWith(".ts") && !found.url.includes("/node_modules/");
        return isOurs && this.#generation > 0 ? { ...found, url: `${found.url}?${this.#generation}` } : found;
      },
    });
  }

  async #load(again = false) {
    if (this.#tests !== null && !again) return;
    if (this.#shim === null) this.#hook();
    else this.#generation += 1;
    // Modules are never forgotten: a process that has met too many is replaced.
    if (process.memoryUsage().rss > MOST_BYTES) throw new Error("this process has loaded enough");
    this.#shim = await import(SHIM);
    const { default: fc } = await import(
      pathToFileURL(`${process.cwd()}/node_modules/fast-check/lib/fast-check.js`).href
    );
    // The first counterexample kills; nobody reads a small one.
    fc.configureGlobal({ endOnFailure: true });
    const { include, exclude, late } = this.#options;
    const left = new Set(exclude.flatMap((glob) => globSync(glob)));
    const depth = (file) => file.split("/").length;
    const lateness = (file) => late.indexOf(basename(file, ".test.ts"));
    const files = [...new Set(include.flatMap((glob) => globSync(glob)))]
      .filter((file) => !left.has(file))
      .sort((a, b) => lateness(a) - lateness(b) || depth(b) - depth(a) || a.localeCompare(b));
    const tests = [];
    for (const file of files) {
      const url = pathToFileURL(`${process.cwd()}/${file}`).href;
      tests.push(...(await this.#shim.collect(relative(process.cwd(), file), () => import(url))));
    }
    const skipped = this.#options.skip.map((pattern) => new RegExp(pattern));
    this.#tests = tests.filter(({ path }) => !skipped.some((pattern) => pattern.test(path.join(" > "))));
  }

  /** Null, or why a test failed. Suites are opened as they are needed and closed by `leave`. */
  async #run(test, open) {
    const suites = chain(test.suite);
    const within = async (work) => {
      let timer;
      const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error("the test hangs")), PATIENCE_MS);
      });
      try {
        await Promise.race([Promise.resolve().then(work), late]);
        return null;
      } catch (error) {
        return error instanceof this.#shim.NoSnapshot ? error : messageOf(error) || "failed";
      } finally {
        clearTimeout(timer);
      }
    };
    const own = this.#ns.currentTestId;
    for (const suite of suites) {
      if (open.includes(suite)) continue;
      open.push(suite);
      if (own !== undefined) this.#ns.currentTestId = `suite ${pathOf(suite)}`;
      for (const hook of suite.hooks.beforeAll) {
        const failed = await within(async () => {
          const after = await hook();
          if (typeof after === "function") suite.hooks.closing = [...(suite.hooks.closing ?? []), after];
        });
        if (failed !== null) return failed;
      }
    }
    this.#ns.currentTestId = own;
    this.#shim.snapshots.test = test.id;
    this.#shim.snapshots.count = 0;
    const before = suites.flatMap((suite) => suite.hooks.beforeEach);
    const after = suites.flatMap((suite) => suite.hooks.afterEach).reverse();
    let failed = null;
    const closing = [];
    const keep = (hook) => async () => {
      const undo = await hook();
      if (typeof undo === "function") closing.unshift(undo);
    };
    for (const hook of before) failed ??= await within(keep(hook));
    failed ??= await within(test.fn);
    for (const hook of [...after, ...closing]) {
      const why = await within(hook);
      failed ??= why;
    }
    return failed;
  }

  async #leave(open) {
    for (const suite of [...open].reverse()) {
      const closing = [...suite.hooks.afterAll, ...(suite.hooks.closing ?? [])];
      suite.hooks.closing = [];
      for (const hook of closing) {
        try {
          await hook();
        } catch {
          // What a mutant left half open is not judged.
        }
      }
    }
    open.length = 0;
  }

  /** Of `tests`, those whose suites are other than the last's are closed before the next file begins. */
  async #runAll(tests, onEach) {
    const open = [];
    let file = null;
    for (const test of tests) {
      if (file !== null && file !== test.file) await this.#leave(open);
      file = test.file;
      if (!(await onEach(test, open))) break;
    }
    await this.#leave(open);
  }

  async dryRun({ coverageAnalysis }) {
    await this.#load();
    const results = [];
    const measured = coverageAnalysis === "perTest";
    this.#shim.snapshots.recording = true;
    await this.#runAll(this.#tests, async (test, open) => {
      if (measured) this.#ns.currentTestId = test.id;
      const began = performance.now();
      const failed = await this.#run(test, open);
      const common = {
        id: test.id,
        name: test.path.join(" > "),
        fileName: test.file,
        timeSpentMs: performance.now() - began,
      };
      results.push(
        failed === null
          ? { ...common, status: TestStatus.Success }
          : { ...common, status: TestStatus.Failed, failureMessage: String(failed) },
      );
      return true;
    });
    this.#shim.snapshots.recording = false;
    this.#ns.currentTestId = undefined;
    writeFileSync(DURATIONS, JSON.stringify(Object.fromEntries(results.map((one) => [one.id, one.timeSpentMs]))));
    const coverage = this.#ns.mutantCoverage ?? { static: {}, perTest: {} };
    return {
      status: DryRunStatus.Complete,
      tests: results,
      mutantCoverage: measured ? this.#spread(coverage) : coverage,
    };
  }

  /** What a suite's own hooks reach is reached by each of its tests. */
  #spread({ static: fixed, perTest }) {
    const spread = {};
    for (const test of this.#tests) {
      const counts = { ...perTest[test.id] };
      for (const suite of chain(test.suite)) {
        for (const [mutant, count] of Object.entries(perTest[`suite ${pathOf(suite)}`] ?? {})) {
          counts[mutant] = (counts[mutant] ?? 0) + count;
        }
      }
      if (Object.keys(counts).length > 0) spread[test.id] = counts;
    }
    return { static: fixed, perTest: spread };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation, reloadEnvironment }) {
    const isStatic = mutantActivation === "static";
    this.#ns.activeMutant = isStatic ? activeMutant.id : undefined;
    // Stryker asks for new modules also where a mutant of what runs at import is met by single tests; these do without.
    const loaded = await this.#loaded(this.#isTainted || (reloadEnvironment && isStatic));
    this.#isTainted = isStatic;
    if (loaded !== null)
      return { status: MutantRunStatus.Killed, killedBy: [loaded], failureMessage: "cannot be loaded", nrOfTests: 0 };
    const wanted = this.#closestFirst(activeMutant, testFilter).slice(0, MOST_TESTS);
    this.#ns.hitCount = hitLimit === undefined ? undefined : 0;
    this.#ns.hitLimit = hitLimit;
    let killed = null;
    let count = 0;
    await this.#runAll(wanted, async (test, open) => {
      this.#ns.activeMutant = activeMutant.id;
      let failed = await this.#run(test, open);
      if (failed instanceof this.#shim.NoSnapshot && !isStatic) {
        await this.#unharmed(test);
        this.#ns.activeMutant = activeMutant.id;
        failed = await this.#run(test, open);
      }
      count += 1;
      if (failed !== null) killed = { test, why: String(failed) };
      return failed === null;
    });
    const hits = this.#ns.hitCount;
    this.#ns.hitLimit = undefined;
    this.#ns.hitCount = undefined;
    if (!isStatic) this.#ns.activeMutant = undefined;
    const endless = determineHitLimitReached(hits, hitLimit);
    if (endless !== undefined) return endless;
    if (killed === null) return { status: MutantRunStatus.Survived, nrOfTests: count };
    this.#kills.push({ file: activeMutant.fileName, line: activeMutant.location.start.line, test: killed.test });
    const isApart = killed.test.file.endsWith(".db.test.ts");
    if (!isStatic && (!isApart || this.#kills.length % LOOK_AFTER_EVERY === 0)) {
      const why = await this.#unharmed(killed.test);
      if (why !== null) {
        process.stderr.write(
          `${activeMutant.fileName} mutant ${activeMutant.id} left something behind: ${killed.test.id}: ${why}\n`,
        );
        throw new Error(`${killed.test.id} fails without a mutant now: ${why}`);
      }
    }
    return { status: MutantRunStatus.Killed, killedBy: [killed.test.id], failureMessage: killed.why, nrOfTests: count };
  }

  /** Null, or the test that is blamed where a mutant keeps the tests from being loaded. */
  async #loaded(again) {
    const before = this.#tests;
    try {
      await this.#load(again);
      return null;
    } catch (error) {
      const first = before?.[0];
      if (first === undefined || this.#ns.activeMutant === undefined || /loaded enough/.test(messageOf(error)))
        throw error;
      return first.id;
    }
  }

  /** Those of `filter`, or all: first what killed near by, then the tests of the mutant's own file, then the quick ones. */
  #closestFirst({ fileName, location }, filter) {
    const wanted = filter === undefined ? this.#tests : this.#tests.filter(({ id }) => filter.includes(id));
    const name = basename(fileName, ".ts");
    const isOwn = ({ file }) => basename(file).startsWith(`${name}.`);
    const distance = ({ line }) => Math.abs(line - location.start.line);
    const killers = this.#kills
      .filter(({ file }) => file === fileName)
      .sort((a, b) => distance(a) - distance(b))
      .map(({ test }) => test)
      .filter((test) => wanted.includes(test));
    this.#durations ??= existsSync(DURATIONS) ? JSON.parse(readFileSync(DURATIONS, "utf8")) : {};
    const lasts = ({ id }) => this.#durations[id] ?? 0;
    // A file's tests stay together: what its suites open is opened once.
    const byFile = Object.values(Object.groupBy(wanted, ({ file }) => file)).map((tests) =>
      tests.toSorted((a, b) => lasts(a) - lasts(b)),
    );
    const others = byFile.toSorted(([a], [b]) => Number(isOwn(b)) - Number(isOwn(a)) || lasts(a) - lasts(b)).flat();
    return [...new Set([...[...new Set(killers)].slice(0, 8), ...others])];
  }

  /** Runs a test without a mutant, and keeps its snapshots. */
  async #unharmed(test) {
    this.#ns.activeMutant = undefined;
    const open = [];
    this.#shim.snapshots.recording = true;
    const failed = await this.#run(test, open);
    this.#shim.snapshots.recording = false;
    await this.#leave(open);
    return failed;
  }
}

const pathOf = (suite) =>
  chain(suite)
    .map(({ name }) => name)
    .join(" > ");

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "in-process", InProcessRunner)];
