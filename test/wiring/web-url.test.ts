import { expect, it } from "vitest";
import { webUrlOf } from "../../src/wiring/web-url.ts";

it.each([
  ["https://api.github.com", "https://github.com"],
  ["https://github.example.com/api/v3", "https://github.example.com"],
  ["https://api.tenant.ghe.com", "https://tenant.ghe.com"],
  ["http://127.0.0.1:4711", "http://127.0.0.1:4711"],
])("%s is looked at on %s", (api, web) => expect(webUrlOf(api)).toBe(web));
