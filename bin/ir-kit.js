#!/usr/bin/env node
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true"; // for us, not for who runs the kit
const { bundle } = require("./run.js");
// Lines of the sources are shown only then, and reading their map takes as long as a review.
const showsLines = Boolean(process.env.IR_KIT_DEBUG);
if (showsLines) process.setSourceMapsEnabled(true);
require(bundle("cli/index.ts", showsLines));
