// node validate.js SCHEMA FILE…: says what in the files is not as the schema has it.
const fs = require('fs');
const Ajv = require('ajv/dist/2020');
const formats = require('ajv-formats');

const [schemaFile, ...files] = process.argv.slice(2);
// SARIF's own schema declares types twice; that is no mistake of ours.
const ajv = new Ajv({strict: false, allErrors: true});
formats(ajv);
const validate = ajv.compile(JSON.parse(fs.readFileSync(schemaFile, 'utf8')));
let status = 0;
for (const file of files) {
  if (validate(JSON.parse(fs.readFileSync(file, 'utf8')))) continue;
  status = 1;
  for (const error of validate.errors.slice(0, 10)) {
    console.error(`${file}${error.instancePath}: ${error.message}`);
  }
}
process.exitCode = status;
