#!/usr/bin/env node
// Starts the binary of the package that npm chose for this platform, with everything passed through.
"use strict";

const { spawnSync } = require("child_process");
const { constants } = require("os");

const name = `preflint-${process.platform}-${process.arch}`;
let binary;
try {
  binary = require.resolve(`${name}/bin/preflint`);
} catch {
  console.error(`preflint: there is no binary for ${process.platform} ${process.arch} here: package ${name} is not installed`);
  process.exit(2);
}

// The terminal sends ^C to both of us: the child decides what it means.
process.on("SIGINT", () => {});
const child = spawnSync(binary, process.argv.slice(2), { stdio: "inherit" });
if (child.error) {
  console.error(`preflint: ${binary}: ${child.error.message}`);
  process.exit(2);
}
process.exit(child.status !== null ? child.status : 128 + constants.signals[child.signal]);
