// Bundles a function with what it imports into one file that starts by itself:
// node build.mjs ingest OUT
import { build } from "esbuild";

const [name, outfile] = process.argv.slice(2);
await build({
  stdin: {
    contents: `import { handler } from "./${name}.mjs"; import { start } from "./runtime.mjs"; start(handler);`,
    resolveDir: import.meta.dirname,
  },
  bundle: true,
  minify: true,
  platform: "node",
  target: "node22",
  format: "cjs",
  banner: { js: `#!${process.execPath}` },
  outfile,
});
