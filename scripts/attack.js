#!/usr/bin/env node
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true"; // for us, not for who runs the kit
const { load } = require("../bin/run.js");
load("test/local-aws/attack.ts");
