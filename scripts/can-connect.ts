// Exit 0 when a Postgres answers at the given URL and lets this user make databases; used by CI to find one.
import postgres from "postgres";

const url = process.argv[2];
if (url === undefined) process.exit(2);
const sql = postgres(url, { max: 1, connect_timeout: 3, onnotice: () => {} });
try {
  const [row] = await sql`select rolcreatedb or rolsuper as may from pg_roles where rolname = current_user`;
  process.exitCode = row?.["may"] === true ? 0 : 1;
} catch {
  process.exitCode = 1;
} finally {
  await sql.end({ timeout: 1 });
}
