#!/usr/bin/env node
// The app of cdktf.json.
require("./start.js").start("main.ts");
