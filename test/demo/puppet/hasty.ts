// The puppet that cannot wait.
process.env["PUPPET"] = "hasty";
await import("./app.ts");
