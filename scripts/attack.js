#!/usr/bin/env node
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true"; // for us, not for who runs the kit
const { bundle } = require("../bin/run.js");
require(bundle("test/local-aws/attack.ts"));
