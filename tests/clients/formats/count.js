// node count.js VALIDATION.sarif: prints the errors and warnings of sarif-multitool, which itself exits with 0.
const fs = require('fs');

const log = JSON.parse(fs.readFileSync(process.argv[2], 'utf8').replace(/^\uFEFF/, ''));
const bad = log.runs.flatMap((run) => run.results || [])
    .filter((result) => result.kind === undefined || result.kind === 'fail')
    .filter((result) => ['error', 'warning', undefined].includes(result.level));
for (const result of bad.slice(0, 20)) {
  const place = result.locations?.[0]?.physicalLocation?.region?.startLine;
  console.error(`line ${place}: ${result.ruleId}: ${result.message.text || (result.message.arguments || []).join(' ')}`);
}
process.exitCode = bad.length === 0 ? 0 : 1;
