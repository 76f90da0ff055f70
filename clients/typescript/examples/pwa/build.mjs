// Bundles the app into built/, which the service compiles in. The same sources give the same bytes.

import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "built");
const common = { bundle: true, minify: true, format: "esm", target: ["chrome111", "firefox114", "safari16.4"], legalComments: "none", absWorkingDir: here };

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({ ...common, entryPoints: ["src/main.ts"], outfile: join(out, "app.js") });
await build({ ...common, entryPoints: ["app.css"], outfile: join(out, "app.css") });
const copied = ["index.html", "manifest.webmanifest", "icon.svg", "icon-180.png", "icon-192.png", "icon-512.png"];
for (const name of copied) await copyFile(join(here, name), join(out, name));

const hash = createHash("sha256");
for (const name of ["app.js", "app.css", ...copied]) hash.update(await readFile(join(out, name)));
await build({
  ...common, entryPoints: ["src/sw.ts"], outfile: join(out, "sw.js"),
  define: { BUILD: JSON.stringify(hash.digest("hex").slice(0, 16)) },
});
