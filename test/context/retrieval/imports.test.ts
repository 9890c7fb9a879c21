import { expect, it } from "vitest";
import { importsOf, resolve } from "../../../src/context/retrieval/imports.ts";

const paths = new Set([
  "src/app.ts",
  "src/slug.ts",
  "src/words/index.ts",
  "lib/old.js",
  "src/pkg/__init__.py",
  "src/pkg/core.py",
  "src/pkg/sub/tool.py",
  "native/list.h",
  "lib/shop/cart.rb",
  "src/net/mod.rs",
  "src/net.rs",
  "src/main/java/com/acme/Cart.java",
]);

it.each([
  ["src/app.ts", `import { slug } from "./slug.ts";`, ["src/slug.ts"]],
  ["src/app.ts", `import { slug } from "./slug.js";`, ["src/slug.ts"]],
  ["src/app.ts", `export * from "./words";\nconst a = require('../lib/old');`, ["src/words/index.ts", "lib/old.js"]],
  ["src/app.ts", `import fs from "node:fs"; import("../../outside.ts");`, []],
  ["src/pkg/core.py", "from .sub import tool\nfrom . import missing", ["src/pkg/sub/tool.py", "src/pkg/__init__.py"]],
  ["src/pkg/sub/tool.py", "from ..core import run", ["src/pkg/core.py"]],
  ["app.py", "import pkg.core", ["src/pkg/core.py"]],
  ["native/list.c", `#include "list.h"\n#include <stdio.h>`, ["native/list.h"]],
  ["lib/shop.rb", `require_relative "shop/cart"`, ["lib/shop/cart.rb"]],
  ["src/main.rs", "mod net;", ["src/net.rs"]],
  ["src/lib.rs", "use crate::net::Socket;", ["src/net.rs"]],
  ["src/main/java/com/acme/Shop.java", "import com.acme.Cart;", ["src/main/java/com/acme/Cart.java"]],
  ["README.md", `import { slug } from "./src/slug.ts";`, []],
])("%s with %j imports %j", (path, text, expected) => {
  expect(resolve(importsOf(path, text), paths)).toEqual(expected);
});
