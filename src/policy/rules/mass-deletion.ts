// A change that takes away more than a change should.
import { counted, type Finding, type Rule } from "../rule.ts";

export const massDeletion: Rule = ({ files }, { max_deleted_files, max_deleted_lines }) => {
  const found: Finding[] = [];
  // A file that is emptied is as gone as one that is deleted.
  const deleted = files.filter(({ kind, before, after }) => kind === "delete" || (after === "" && before)).length;
  if (deleted > max_deleted_files) {
    const message = `${counted(deleted, "file")} would be deleted, ${max_deleted_files} may be.`;
    found.push({ path: null, line: null, message });
  }
  // File by file, so that a long new file does not make up for what is lost elsewhere.
  const lost = files.reduce((sum, { added, removed }) => sum + Math.max(0, removed.length - added.length), 0);
  if (lost > max_deleted_lines) {
    const message = `${counted(lost, "line")} would be lost, ${max_deleted_lines} may be.`;
    found.push({ path: null, line: null, message });
  }
  return found;
};
