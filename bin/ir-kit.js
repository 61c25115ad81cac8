#!/usr/bin/env node
const { bundle } = require("./run.js");
process.setSourceMapsEnabled(true);
require(bundle("cli/index.ts"));
