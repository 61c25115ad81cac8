#!/usr/bin/env node
require("./start.js").start("cli/index.ts");
