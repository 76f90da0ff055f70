"""Breaks valid bundles in many ways, and demands of each check to refuse what it refused when this was written.

No single check sees everything: what one overlooks another must find. A validator that stops working, or is no
longer asked, refuses less than is written here.

Usage: python mutants.py DEFINITIONS TOOLS FOLDER; FOLDER holds valid bundles.
"""

import copy
import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
DEFINITIONS, TOOLS, FOLDER = sys.argv[1:4]


def first(bundle, kind, has=()):
    """The first resource of a type that has these members."""
    for entry in bundle["entry"]:
        if entry["resource"]["resourceType"] == kind and all(name in entry["resource"] for name in has):
            return entry["resource"]
    raise LookupError(kind)


def put(kind, member, value, has=()):
    def mutate(bundle):
        first(bundle, kind, has)[member] = value

    return mutate


def take(kind, member):
    def mutate(bundle):
        del first(bundle, kind, [member])[member]

    return mutate


def attached(**changes):
    def mutate(bundle):
        attachment = first(bundle, "DocumentReference")["content"][0]["attachment"]
        if "data" not in attachment:
            raise LookupError("data")
        attachment.update(changes)

    return mutate


def of_bundle(mutate):
    return mutate


def abated_but_active(bundle):
    first(bundle, "Condition", ["abatementDateTime"])["clinicalStatus"]["coding"][0].update(code="active", display="Active")


def wrong_target(bundle):
    procedure = first(bundle, "Procedure", ["performer"])
    condition = first(bundle, "Condition")
    procedure["performer"][0]["actor"] = {"reference": f"urn:uuid:{condition['id']}", "type": "Condition"}


def nowhere(bundle):
    first(bundle, "Procedure")["subject"]["reference"] = "urn:uuid:00000000-0000-4000-8000-000000000000"


def twice(bundle):
    bundle["entry"].append(copy.deepcopy(bundle["entry"][-1]))


def composition_last(bundle):
    bundle["entry"].append(bundle["entry"].pop(0))


def ends_early(bundle):
    period = first(bundle, "Procedure", ["performedPeriod"])["performedPeriod"]
    period["end"] = "1999-01-01T00:00:00Z"


def coding(kind, member, **changes):
    def mutate(bundle):
        concept = first(bundle, kind, [member])[member]
        (concept[0] if isinstance(concept, list) else concept)["coding"][0].update(changes)

    return mutate


def loinc(**changes):
    def mutate(bundle):
        for entry in bundle["entry"]:
            for coding in entry["resource"].get("code", {}).get("coding", []):
                if coding["system"] == "http://loinc.org":
                    coding.update(changes)
                    return
        raise LookupError("a code of LOINC")

    return mutate


def pain(**changes):
    def mutate(bundle):
        for entry in bundle["entry"]:
            quantity = entry["resource"].get("valueQuantity", {})
            if quantity.get("code") == "{score}":
                quantity.update(changes)
                return
        raise LookupError("a pain score")

    return mutate


def script(bundle):
    narrative = first(bundle, "Composition")["text"]
    narrative["div"] = narrative["div"].replace("</div>", "<script>alert(1)</script></div>")


def unescaped(bundle):
    narrative = first(bundle, "Composition")["text"]
    narrative["div"] = narrative["div"].replace("</div>", "<p>a < b</p></div>")


def unlisted(bundle):
    for section in first(bundle, "Composition")["section"]:
        section.pop("entry", None)


def empty_section(bundle):
    section = first(bundle, "Composition")["section"][0]
    section.pop("entry", None)
    section.pop("text", None)


def mute_note(bundle):
    first(bundle, "Procedure", ["note"])["note"][0]["text"] = ""


def bell(bundle):
    first(bundle, "Procedure", ["note"])["note"][0]["text"] = "\u00a0\u2003"


def named(bundle):
    first(bundle, "Patient")["name"] = [{"family": "Someone"}]


def unlabelled(bundle):
    del first(bundle, "Observation")["meta"]


def onset_in_no_offset(bundle):
    # Its own onset, which thereby becomes an earlier one: another date could be later than the end.
    condition = first(bundle, "Condition", ["onsetDateTime"])
    condition["onsetDateTime"] = condition["onsetDateTime"][:19] + "+15:00"


def of_code(code, mutate):
    """Breaks the first observation with a code."""

    def found(bundle):
        for entry in bundle["entry"]:
            if any(coding["code"] == code for coding in entry["resource"].get("code", {}).get("coding", [])):
                return mutate(entry["resource"])
        raise LookupError(code)

    return found


def answered_symptom(observation):
    observation["valueCodeableConcept"] = {
        "coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0136", "code": "N", "display": "No"}]
    }


def symptom_question(bundle):
    for entry in bundle["entry"]:
        for coding in entry["resource"].get("valueCodeableConcept", {}).get("coding", []):
            if coding["code"] in {"Y", "N"}:
                entry["resource"]["code"] = {"coding": [{"system": "http://loinc.org", "code": "75325-1"}]}
                return
    raise LookupError("an answer")


def own_code(bundle):
    for entry in bundle["entry"]:
        for coding in entry["resource"].get("code", {}).get("coding", []):
            if coding["system"].startswith("https://spasmlog.example/"):
                coding["code"] = "tummy_ache"
                return
    raise LookupError("a code of ours")


def unregistered(bundle):
    first(bundle, "GuidanceResponse")["moduleUri"] = "urn:spasmlog:rules:spasmlog:2#R-REST"


def addressed(bundle):
    first(bundle, "GuidanceResponse", ["reasonCode"])["reasonCode"][0]["text"] = "You told us that your back is numb."


def unshipped(bundle):
    system = first(bundle, "CodeSystem")["id"]
    bundle["entry"] = [entry for entry in bundle["entry"] if entry["resource"]["id"] != system]


def moment_as_period(bundle):
    procedure = first(bundle, "Procedure")
    procedure.pop("performedDateTime", None)
    procedure["performedPeriod"] = {"start": "2026-03-01T10:00:00Z", "end": "2026-03-01T10:00:00Z"}


def confirmed(bundle):
    first(bundle, "Condition")["verificationStatus"]["coding"][0].update(code="confirmed", display="Confirmed")


def plan_of_care(bundle):
    section = first(bundle, "Composition")["section"][-1]
    section["code"]["coding"] = [{"system": "http://loinc.org", "code": "18776-5"}]


# Each broken copy, and the checks that must refuse it.
MUTANTS = {
    "a clinical status that does not go with an end": ("DF", abated_but_active),
    "a verification status that does not exist": ("CE", coding("Condition", "verificationStatus", code="maybe")),
    "a condition without a subject": ("ABDE", take("Condition", "subject")),
    "an onset without a zone": ("ABC", put("Condition", "onsetDateTime", "2026-03-01T10:00:00")),
    "an onset in an offset that nobody has": ("ABD", onset_in_no_offset),
    "an onset that is no time": ("ABCDE", put("Condition", "onsetDateTime", "this morning")),
    "a status of an observation that does not exist": ("BE", put("Observation", "status", "done")),
    "a value beside the reason why there is none": (
        "DF",
        put("Observation", "dataAbsentReason", {"text": "Not asked"}, ["valueQuantity"]),
    ),
    "a code that LOINC does not have": ("C", loinc(code="72514-4")),
    "a category under a name that it does not have": ("C", coding("Observation", "category", display="Questionnaire")),
    "a unit that UCUM does not have": ("G", pain(code="{score")),
    "a score in words": ("ABDE", pain(value="seven")),
    "a member that does not exist": ("ABDE", put("Observation", "painScore", 7)),
    "a status of a procedure that does not exist": ("E", put("Procedure", "status", "finished")),
    "a period that ends before it starts": ("CF", ends_early),
    "a reference that leads nowhere": ("CD", nowhere),
    "a reference to the wrong type": ("D", wrong_target),
    "a note that says nothing": ("BCD", mute_note),
    "a note of spaces that FHIR does not know": ("BD", bell),
    "a medication statement without a medicine": ("ADE", take("MedicationStatement", "medicationCodeableConcept")),
    "a status of a medication statement that does not exist": ("E", put("MedicationStatement", "status", "taken")),
    "a guidance response without a module": ("ADE", take("GuidanceResponse", "moduleUri")),
    "a status of a guidance response that does not exist": ("BE", put("GuidanceResponse", "status", "ok")),
    "a plan without an intent": ("ADE", take("CarePlan", "intent")),
    "an order in place of a proposal that R4 does not know": ("E", put("CarePlan", "intent", "command")),
    "a provenance without an agent": ("ABDE", take("Provenance", "agent")),
    "an empty list": ("C", put("Provenance", "entity", [])),
    "a null": ("BCD", put("Device", "serialNumber", None)),
    "an id that is too long": ("BC", put("Device", "id", "a" * 65)),
    "a patient with a name": ("C", named),
    "an observation that nobody is said to have reported": ("C", unlabelled),
    "a script in the narrative": ("C", script),
    "a narrative that is no XML": ("C", unescaped),
    "a section with nothing in it": ("CDF", empty_section),
    "records that the composition does not name": ("C", unlisted),
    "a document that does not begin with its composition": ("CDF", composition_last),
    "an attachment of another size": ("C", attached(size=1)),
    "an attachment whose hash is of something else": ("C", attached(hash="2jmj7l5rSw0yVb/vlWAYkK/YBwk=")),
    "an attachment that is no pdf": ("C", attached(data="bm90IGEgcGRm")),
    "a symptom whose value is an answer": ("C", of_code("75325-1", answered_symptom)),
    "an answer under the code of symptoms": ("C", symptom_question),
    "a symptom in another category": (
        "C",
        of_code("75325-1", lambda symptom: symptom["category"][0].update(coding=[{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "survey", "display": "Survey"}])),
    ),
    "a code that our code systems do not have": ("C", own_code),
    "a name in a namespace that nobody registered": ("C", unregistered),
    "a reason that speaks to the patient": ("C", addressed),
    # A section may refer to anything, so that D has no type to ask for.
    "a code system that does not come along": ("C", unshipped),
    "a moment as a period": ("C", moment_as_period),
    "a condition that somebody confirmed": ("C", confirmed),
    "what the guide says as a plan of care": ("C", plan_of_care),
    "two entries with one URL": ("CDF", twice),
    "a document without an identifier": ("DF", of_bundle(lambda bundle: bundle.pop("identifier"))),
    "a document without a time": ("DF", of_bundle(lambda bundle: bundle.pop("timestamp"))),
    "a type of bundle that does not exist": ("BE", of_bundle(lambda bundle: bundle.update(type="documents"))),
}


def base():
    """A document in which all of this can be broken."""
    for file in sorted(Path(FOLDER).glob("*document.json")):
        bundle = json.loads(file.read_text(encoding="utf-8"))
        try:
            for _, mutate in MUTANTS.values():
                mutate(copy.deepcopy(bundle))
            return bundle
        except LookupError:
            continue
    sys.exit("no document of this folder has all that is to be broken")


def refusals(folder):
    """Which checks refuse each file of a folder."""
    found = {}
    for number, command in enumerate(
        [
            [sys.executable, HERE / "check.py", DEFINITIONS, folder],
            ["node", HERE / "check.mjs", TOOLS, folder],
        ]
    ):
        report = Path(folder) / f"report-{number}"
        subprocess.run([*command, report], check=True)
        for name, checks in json.loads(report.read_text(encoding="utf-8")).items():
            found[name] = "".join(sorted({*found.get(name, ""), *checks}))
    return found


def main():
    with tempfile.TemporaryDirectory() as folder:
        valid = base()
        names = {}
        for number, (name, (_, mutate)) in enumerate(MUTANTS.items()):
            bundle = copy.deepcopy(valid)
            mutate(bundle)
            names[f"{number:02}.json"] = name
            (Path(folder) / f"{number:02}.json").write_text(json.dumps(bundle), encoding="utf-8")
        (Path(folder) / "valid.json").write_text(json.dumps(valid), encoding="utf-8")
        found = refusals(folder)
    wrong = found.pop("valid.json") != ""
    for file, refusing in sorted(found.items()):
        wanted = MUTANTS[names[file]][0]
        if refusing != wanted or not refusing:
            wrong = True
            print(f"{names[file]}: refused by {refusing or 'nobody'}, wanted {wanted}", file=sys.stderr)
    each = {check: sum(check in refusing for refusing in found.values()) for check in "ABCDEFG"}
    refused = sum(bool(refusing) for refusing in found.values())
    print(f"{refused} of {len(MUTANTS)} broken copies are refused, by check: {each}")
    sys.exit(1 if wrong or 0 in each.values() else 0)


main()
