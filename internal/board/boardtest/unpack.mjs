// Unpacks the browser of its package into a folder: node unpack.mjs FOLDER.
import { chmodSync, createReadStream, createWriteStream } from "node:fs";
import { dirname, join } from "node:path";
import { argv } from "node:process";
import { pipeline } from "node:stream/promises";
import { createRequire } from "node:module";
import { createBrotliDecompress } from "node:zlib";
import tar from "tar-fs";

const folder = argv[2];
const packed = join(dirname(createRequire(import.meta.url).resolve("tar-fs")), "..", "@sparticuz", "chromium", "bin");
const unpack = (name, into) => pipeline(createReadStream(join(packed, name)), createBrotliDecompress(), into);
await Promise.all([
  unpack("chromium.br", createWriteStream(join(folder, "chromium"))),
  unpack("al2023.tar.br", tar.extract(folder)),
  unpack("fonts.tar.br", tar.extract(folder)),
]);
chmodSync(join(folder, "chromium"), 0o755);
