// How drizzle-kit writes migrations: `drizzle-kit generate`, and `--custom` for what it cannot express.
import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "postgresql",
  schema: "./src/db/schema.ts",
  out: "./migrations",
  casing: "snake_case",
});
