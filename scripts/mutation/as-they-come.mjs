// Keeps each judged mutant as a line of its own, so that a run that was stopped has told something.
import { appendFileSync, mkdirSync, rmSync } from "node:fs";
import { relative } from "node:path";
import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";

class AsTheyCome {
  static inject = ["options"];
  #path;

  constructor({ jsonReporter }) {
    this.#path = jsonReporter.fileName.replace(/\.json$/, ".jsonl");
    mkdirSync("reports/mutation", { recursive: true });
    rmSync(this.#path, { force: true });
  }

  onMutantTested({ fileName, location, mutatorName, replacement, status, killedBy, statusReason }) {
    const file = relative(process.cwd(), fileName);
    const line = { file, location, mutatorName, replacement, status, killedBy, statusReason };
    appendFileSync(this.#path, `${JSON.stringify(line)}\n`);
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.Reporter, "as-they-come", AsTheyCome)];
