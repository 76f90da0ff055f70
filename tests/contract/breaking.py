"""Refuses a document that breaks clients of an earlier one: breaking.py EARLIER LATER

No kept tool that npm, PyPI, crates.io or Debian has reads OpenAPI 3.1, so that these are our own rules, those of
conventions for /v1: changes only add. What a client sends must stay welcome, what it reads must stay there.
test_breaking.py proves each rule on a broken copy."""

import json
import sys

METHODS = ("get", "post", "put", "patch", "delete")


class Comparison:
    def __init__(self, earlier, later):
        self.earlier, self.later = earlier, later
        self.found = []
        self.seen = set()

    def breaks(self, place, what):
        self.found.append(f"{place}: {what}")

    def resolve(self, document, node):
        while isinstance(node, dict) and "$ref" in node:
            target = document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            node = target
        return node

    def run(self):
        for path, item in self.earlier["paths"].items():
            for method in METHODS:
                if method not in item:
                    continue
                place = f"{method.upper()} {path}"
                later = self.later["paths"].get(path, {}).get(method)
                if later is None:
                    self.breaks(place, "is gone")
                else:
                    self.operation(place, item[method], later)
        return self.found

    def operation(self, place, earlier, later):
        if earlier["operationId"] != later["operationId"]:
            self.breaks(place, f"is no longer called {earlier['operationId']}")
        if earlier["tags"] != later["tags"]:
            self.breaks(place, "has another tag: generated clients sort methods into classes by it")
        self.security(place, earlier.get("security", []), later.get("security", []))
        self.parameters(place, earlier, later)
        self.body(place, earlier, later)
        self.responses(place, earlier, later)

    def security(self, place, earlier, later):
        if not later:
            return
        if not earlier:
            self.breaks(place, "needs a token now")
            return
        scopes = lambda all: {scope for one in all for scope in one.get("access_token", [])}
        if scopes(later) - scopes(earlier):
            self.breaks(place, f"needs the scope {', '.join(sorted(scopes(later) - scopes(earlier)))} now")

    def parameters(self, place, earlier, later):
        named = lambda document, node: {
            (one["in"], one["name"]): one
            for one in (self.resolve(document, one) for one in node.get("parameters", []))
        }
        before, after = named(self.earlier, earlier), named(self.later, later)
        for key, parameter in before.items():
            where = f"{place} parameter {key[1]}"
            if key not in after:
                self.breaks(where, "is gone: it would be refused")
                continue
            if after[key].get("required") and not parameter.get("required"):
                self.breaks(where, "is required now")
            self.sent(where, parameter["schema"], after[key]["schema"])
        for key, parameter in after.items():
            if key not in before and parameter.get("required"):
                self.breaks(f"{place} parameter {key[1]}", "is new and required")

    def body(self, place, earlier, later):
        before, after = earlier.get("requestBody"), later.get("requestBody")
        if before is None:
            if after and after.get("required"):
                self.breaks(place, "needs a body now")
            return
        if after is None:
            self.breaks(place, "takes no body any more")
            return
        for kind, media in before["content"].items():
            if kind not in after["content"]:
                self.breaks(place, f"takes no {kind} any more")
            else:
                self.sent(f"{place} body", media.get("schema", {}), after["content"][kind].get("schema", {}))

    def responses(self, place, earlier, later):
        for status, response in earlier["responses"].items():
            if not status.startswith("2"):
                continue
            if status not in later["responses"]:
                self.breaks(place, f"never answers {status} any more")
                continue
            before = self.resolve(self.earlier, response)
            after = self.resolve(self.later, later["responses"][status])
            for name in before.get("headers", {}):
                if name not in after.get("headers", {}):
                    self.breaks(f"{place} {status}", f"has no {name} any more")
            for kind, media in before.get("content", {}).items():
                if kind not in after.get("content", {}):
                    self.breaks(f"{place} {status}", f"is no {kind} any more")
                else:
                    schemas = media.get("schema", {}), after["content"][kind].get("schema", {})
                    self.answered(f"{place} {status}", *schemas)
        for status in later["responses"]:
            if status.startswith("2") and status not in earlier["responses"]:
                self.breaks(place, f"answers {status}, which its clients do not expect")

    def parts(self, document, schema):
        """A schema with the members of its `allOf`."""
        schema = self.resolve(document, schema)
        # Known codes or any other string: for a client, a string.
        if any(set(choice) <= {"type", "maxLength"} for choice in schema.get("anyOf", [])):
            schema = {"type": "string"}
        joined = {"properties": {}, "required": set()} | {k: v for k, v in schema.items() if k != "allOf"}
        joined["properties"], joined["required"] = dict(schema.get("properties", {})), set(schema.get("required", []))
        for part in schema.get("allOf", []):
            part = self.parts(document, part)
            joined["properties"] |= part["properties"]
            joined["required"] |= part["required"]
            joined.setdefault("type", part.get("type"))
        return joined

    def entered(self, direction, earlier, later):
        """Whether these two were compared already: schemas may go round in a circle."""
        if "$ref" not in earlier:
            return False
        key = (direction, earlier["$ref"], json.dumps(later, sort_keys=True))
        known = key in self.seen
        self.seen.add(key)
        return known

    def both(self, place, before, after):
        kinds = lambda schema: set(schema["type"]) if isinstance(schema.get("type"), list) else {schema.get("type")}
        if before.get("format") != after.get("format"):
            self.breaks(place, f"has the format {after.get('format')}, not {before.get('format')}")
        return kinds(before), kinds(after)

    def sent(self, place, earlier, later):
        if self.entered("sent", earlier, later):
            return
        before, after = self.parts(self.earlier, earlier), self.parts(self.later, later)
        before_kinds, after_kinds = self.both(place, before, after)
        if before_kinds - after_kinds:
            self.breaks(place, f"may no longer be {before.get('type')}")
        if "enum" in after and ("enum" not in before or set(before["enum"]) - set(after["enum"])):
            self.breaks(place, "takes fewer codes")
        for limit, narrower in (("maxLength", min), ("maxItems", min), ("maximum", min), ("minLength", max),
                                ("minItems", max), ("minimum", max)):
            if limit in after and (limit not in before or
                                   (narrower(before[limit], after[limit]) != before[limit])):
                self.breaks(place, f"has a narrower {limit}")
        if "pattern" in after and after["pattern"] != before.get("pattern"):
            self.breaks(place, "has another pattern")
        if after["required"] - before["required"]:
            self.breaks(place, f"requires {', '.join(sorted(after['required'] - before['required']))} now")
        for name, member in before["properties"].items():
            if name not in after["properties"]:
                self.breaks(f"{place}.{name}", "is gone: it would be refused")
            else:
                self.sent(f"{place}.{name}", member, after["properties"][name])
        if "items" in before and "items" in after:
            self.sent(f"{place}[]", before["items"], after["items"])

    def answered(self, place, earlier, later):
        if self.entered("answered", earlier, later):
            return
        before, after = self.parts(self.earlier, earlier), self.parts(self.later, later)
        before_kinds, after_kinds = self.both(place, before, after)
        if after_kinds - before_kinds:
            self.breaks(place, f"may be {after.get('type')} now")
        if "enum" in before and set(after.get("enum", ["anything"])) - set(before["enum"]):
            self.breaks(place, "may have codes that a client does not know")
        if before["required"] - after["required"]:
            self.breaks(place, f"may be without {', '.join(sorted(before['required'] - after['required']))} now")
        for name, member in before["properties"].items():
            if name not in after["properties"]:
                self.breaks(f"{place}.{name}", "is gone")
            else:
                self.answered(f"{place}.{name}", member, after["properties"][name])
        if "items" in before and "items" in after:
            self.answered(f"{place}[]", before["items"], after["items"])


def breaking(earlier, later):
    return Comparison(earlier, later).run()


if __name__ == "__main__":
    documents = [json.load(open(path, encoding="utf-8")) for path in sys.argv[1:3]]
    found = breaking(*documents)
    print(*found, sep="\n")
    print(f"{len(found)} breaking changes in {len(documents[0]['paths'])} paths")
    sys.exit(1 if found else 0)
