"""Each rule of breaking.py on a copy of the document that breaks it, and changes that break nobody."""

import copy
import json
import unittest
from pathlib import Path

from breaking import breaking

DOCUMENT = json.loads((Path(__file__).parent / "../../openapi/v1.json").read_text(encoding="utf-8"))
SCORES = "/v1/pain-scores"


class Breaking(unittest.TestCase):
    def setUp(self):
        self.later = copy.deepcopy(DOCUMENT)
        self.schemas = self.later["components"]["schemas"]
        self.create = self.later["paths"][SCORES]["post"]

    def assert_broken(self, words):
        found = breaking(DOCUMENT, self.later)
        self.assertTrue(any(words in one for one in found), found)

    def assert_kept(self):
        self.assertEqual(breaking(DOCUMENT, self.later), [])

    def test_the_document_does_not_break_itself(self):
        self.assert_kept()

    def test_a_path_that_is_gone(self):
        del self.later["paths"][SCORES]
        self.assert_broken("is gone")

    def test_a_method_that_is_gone(self):
        del self.later["paths"][SCORES]["get"]
        self.assert_broken("is gone")

    def test_an_operation_with_another_name(self):
        self.create["operationId"] = "add_pain_score"
        self.assert_broken("no longer called")

    def test_an_operation_with_another_tag(self):
        self.create["tags"] = ["Scores"]
        self.assert_broken("another tag")

    def test_a_token_that_is_needed_now(self):
        self.later["paths"]["/v1/rules"]["get"]["security"] = [{"access_token": []}]
        self.assert_broken("needs a token")

    def test_another_scope(self):
        self.create["security"] = [{"access_token": ["account:write"]}]
        self.assert_broken("needs the scope")

    def test_a_parameter_that_is_gone(self):
        self.later["paths"][SCORES]["get"]["parameters"].pop()
        self.assert_broken("is gone: it would be refused")

    def test_a_parameter_that_is_required_now(self):
        self.later["components"]["parameters"]["If-Match"]["required"] = True
        self.assert_broken("is required now")

    def test_a_new_parameter_that_is_required(self):
        new = {"name": "mode", "in": "query", "required": True, "schema": {"type": "string"}}
        self.create["parameters"].append(new)
        self.assert_broken("is new and required")

    def test_a_body_that_is_needed_now(self):
        self.later["paths"]["/v1/auth/logout"]["post"]["requestBody"] = {"required": True, "content": {}}
        self.assert_broken("needs a body")

    def test_a_media_type_that_is_not_taken_any_more(self):
        content = self.create["requestBody"]["content"]
        content["application/xml"] = content.pop("application/json")
        self.assert_broken("takes no application/json")

    def test_a_member_that_is_required_now(self):
        self.schemas["NewPainScore"]["required"].append("at")
        self.assert_broken("requires at now")

    def test_a_member_that_is_not_taken_any_more(self):
        del self.schemas["NewPainScore"]["properties"]["note"]
        self.assert_broken("body.note: is gone")

    def test_a_limit_that_is_narrower(self):
        self.schemas["Note"]["maxLength"] = 500
        self.assert_broken("narrower maxLength")

    def test_a_code_that_is_not_taken_any_more(self):
        self.schemas["Modality"]["enum"].remove("heat")
        self.assert_broken("fewer codes")

    def test_a_type_that_is_another(self):
        self.schemas["NewPainScore"]["properties"]["score"] = {"type": "string"}
        self.assert_broken("may no longer be")

    def test_a_status_that_is_not_answered_any_more(self):
        del self.create["responses"]["201"]
        self.assert_broken("never answers 201")

    def test_a_success_that_nobody_expects(self):
        self.create["responses"]["202"] = {"description": "Later."}
        self.assert_broken("answers 202")

    def test_a_header_that_is_gone(self):
        del self.create["responses"]["201"]["headers"]["Location"]
        self.assert_broken("has no Location")

    def test_an_answer_in_another_form(self):
        content = self.create["responses"]["201"]["content"]
        content["text/csv"] = content.pop("application/json")
        self.assert_broken("is no application/json")

    def test_a_member_of_an_answer_that_is_gone(self):
        del self.schemas["NextStep"]["properties"]["reason"]
        self.assert_broken("next_step.reason: is gone")

    def test_a_member_of_an_answer_that_may_be_missing_now(self):
        self.schemas["PainScore"]["required"].remove("score")
        self.assert_broken("may be without score")

    def test_a_member_of_an_answer_of_another_type(self):
        self.schemas["PainScore"]["properties"]["score"] = {"type": ["integer", "null"]}
        self.assert_broken("may be")

    def test_a_time_that_is_none_any_more(self):
        self.schemas["PainScore"]["properties"]["at"] = {"type": "string"}
        self.assert_broken("has the format None")

    def test_what_is_added_breaks_nobody(self):
        self.later["paths"]["/v1/moods"] = {"get": self.later["paths"][SCORES]["get"]}
        self.schemas["NewPainScore"]["properties"]["place"] = {"type": "string"}
        self.schemas["PainScore"]["properties"]["place"] = {"type": "string"}
        self.schemas["Modality"]["enum"].append("contrast")
        self.schemas["Action"]["enum"].append("hum_a_tune")
        self.schemas["Note"]["maxLength"] = 20_000
        self.create["parameters"].append({"name": "Prefer", "in": "header", "schema": {"type": "string"}})
        self.assert_kept()


if __name__ == "__main__":
    unittest.main()
