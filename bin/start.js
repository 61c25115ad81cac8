// Starts what was built of an entry; in a clone whose sources have changed since, what is made of it now.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true"; // for us, not for who runs the kit
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { inDist } = require("./kept-build.js");

const root = path.resolve(__dirname, "..");

/** @param entry path from the kit's folder */
function start(entry) {
  const file = inDist({ root, entry, extension: ".program" });
  if (file) {
    if (file.endsWith(".mjs")) import(pathToFileURL(file).href);
    else require(file);
    return;
  }
  process.setSourceMapsEnabled(Boolean(process.env.IR_KIT_DEBUG));
  try {
    require("./run.js").load(entry);
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND" || !error.message.startsWith("Cannot find module 'esbuild'"))
      throw error;
    process.stderr.write(
      `${path.join(root, "dist")} is missing or older than its sources, and what builds it is not installed; ` +
        `run in ${root}: npm ci && npm run build\n`,
    );
    process.exitCode = 2;
  }
}

module.exports = { start };
