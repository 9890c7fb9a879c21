import { describe, expect, it } from "vitest";
import { gemLine, isGemLine, readGemfile } from "../../../src/policy/manifests/gemfile.ts";

describe("gemLine", () => {
  it.each([
    ['gem "rails", "~> 7.0"', ["rails", '"~> 7.0"']],
    ["  gem 'rails',   '~> 7.0'   # why", ["rails", "'~> 7.0'"]],
    ['gem "a", "1"  ', ["a", '"1"']],
    ['gem("puma")', ["puma", "any version"]],
    ['gem "puma" # why', ["puma", "any version"]],
    ['gem("a", "1")', ["a", '"1"']],
    ['gem "a", ("1")', ["a", '"1"']],
    ['gem "a", if: x() == 1', ["a", "if: x() == 1"]],
    ['gem "a"; gem "b"', ["a", '; gem "b"']],
    ['add_dependency "a"', ["a", "any version"]],
    ['  s.add_development_dependency "a", "1"', ["a", '"1"']],
    ["source 'https://rubygems.org'", ["source", "'https://rubygems.org'"]],
    ['git "https://example.com/a" do', ["git", '"https://example.com/a" do']],
    ["gemspec", ["gemspec", "yes"]],
    ["gemspec # why", ["gemspec", "yes"]],
    ["gems", null],
    ["puts 1", null],
    ["# gem 'a'", null],
    ["", null],
  ])("%j", (line, expected) => {
    expect(gemLine(line)).toEqual(expected);
  });

  it("is asked for each line of a file", () => {
    expect([...readGemfile('gem "a"\nend\ngem "b", "1"\n')]).toEqual([
      ["a", "any version"],
      ["b", '"1"'],
    ]);
  });
});

describe("isGemLine", () => {
  it.each(["", "  ", "#", "# why", "  # why  ", "end", "  end  ", "group :test do", "group", "gem 'a'", "gemspec"])(
    "understands %j",
    (line) => {
      expect(isGemLine(line)).toBe(true);
    },
  );

  it.each(["puts 1", "ends", "xend", "groups", "x # why", "%w[a].each { |one| gem one }"])(
    "does not understand %j",
    (line) => {
      expect(isGemLine(line)).toBe(false);
    },
  );
});
