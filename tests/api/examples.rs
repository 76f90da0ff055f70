//! Every example of a document, tried out: of today's, and of the one that was last released, whose clients
//! are out there.

use crate::support::{Answer, Client, TestServer, new_id, oauth::code};
use serde_json::{Value, json};

/// One operation of any document.
struct Called<'a> {
    document: &'a Value,
    template: &'a str,
    method: String,
    id: &'a str,
}

/// Every operation of a document.
fn operations(document: &Value) -> Vec<Called<'_>> {
    let paths = document["paths"].as_object().unwrap();
    let of_path = |(template, item): (&'_ String, &'_ Value)| -> Vec<(String, String)> {
        item.as_object().unwrap().keys().map(|method| (template.clone(), method.clone())).collect()
    };
    let places: Vec<(String, String)> = paths.iter().flat_map(of_path).collect();
    places
        .into_iter()
        // A share is opened by the secret of its link, and an app gets in through a page for a person:
        // tests/api/shares.rs and oauth.rs call these.
        .filter(|(template, _)| !template.starts_with("/shl/") && template != "/v1/authorized-apps/{id}")
        .map(|(template, method)| {
            let (template, item) = paths.get_key_value(&template).unwrap();
            let id = item[&method]["operationId"].as_str().unwrap();
            Called { document, template, method: method.to_uppercase(), id }
        })
        .collect()
}

impl Called<'_> {
    /// What is sent, with its content type: every example of the body, or once nothing.
    fn examples(&self) -> Vec<(String, String)> {
        let operation = &self.document["paths"][self.template][self.method.to_lowercase()];
        let Some(content) = operation["requestBody"]["content"].as_object() else {
            return vec![(String::new(), String::new())];
        };
        let text = |example: &Value| example.as_str().map_or_else(|| example.to_string(), str::to_owned);
        let mut examples = Vec::new();
        for (kind, media) in content {
            let named =
                media["examples"].as_object().into_iter().flatten().map(|(_, example)| &example["value"]);
            examples
                .extend(media.get("example").into_iter().chain(named).map(|one| (kind.clone(), text(one))));
        }
        assert!(!examples.is_empty(), "{} has no example", self.id);
        examples
    }

    /// The path with the id of something that is there: made from the collection's own example.
    fn path(&self, owner: &Client) -> String {
        if self.template == "/v1/schedule.ics" {
            // Its secret is known to whoever made the link.
            return made(self.document, "/v1/calendar-links", owner)["path"].as_str().unwrap().to_owned();
        }
        let Some((head, rest)) = self.template.split_once("/{") else { return self.template.to_owned() };
        let (parameter, tail) = rest.split_once('}').unwrap();
        let id = match (parameter, head) {
            ("rule", _) => owner.get("/v1/rules").expect(200)["rules"][0]["id"].as_str().unwrap().to_owned(),
            (_, "/v1/sessions") => owner.get(head).expect(200).items()[0]["id"].as_str().unwrap().to_owned(),
            _ if self.method == "PUT" => new_id(),
            _ => made(self.document, head, owner).id().to_owned(),
        };
        format!("{head}/{id}{tail}")
    }
}

/// The answer to the example of a collection's POST.
fn made(document: &Value, collection: &str, owner: &Client) -> Answer {
    let all = operations(document);
    let create = all.iter().find(|known| known.template == collection && known.method == "POST").unwrap();
    let (kind, body) = create.examples().remove(0);
    owner.send("POST", collection, &kind, &body).expect(201)
}

/// The account of the examples, on a server of its own.
fn the_account_of_the_examples(document: &Value) -> (TestServer, Client) {
    let server = TestServer::start();
    let me = made(document, "/v1/accounts", &server.nobody()).signed_in(&server.nobody());
    (server, me)
}

/// Sends one example to where it can succeed.
fn try_out(called: &Called<'_>, server: &TestServer, kind: &str, body: &str) -> Answer {
    let send = |client: &Client, body: &str| client.send(&called.method, &called.path(client), kind, body);
    let instead = |member: &str, value: &Value| {
        let mut body: Value = serde_json::from_str(body).unwrap();
        body[member] = value.clone();
        body.to_string()
    };
    match called.id {
        "create_account" => made(called.document, called.template, &TestServer::start().nobody()),
        "confirm_second_factor" => {
            let (server, me) = the_account_of_the_examples(called.document);
            let secret = me.post("/v1/account/second-factor", Value::Null).expect(201)["secret"].clone();
            send(&me, &instead("code", &code(&server, secret.as_str().unwrap()).into()))
        }
        // Only what exists can be deleted.
        "delete_second_factor" => {
            let (server, me) = the_account_of_the_examples(called.document);
            let secret = me.post("/v1/account/second-factor", Value::Null).expect(201)["secret"].clone();
            let code = code(&server, secret.as_str().unwrap());
            me.put("/v1/account/second-factor", json!({ "code": code })).expect(204);
            send(&me, body)
        }
        "login" | "refresh" | "recover" | "put_password" => {
            let (server, me) = the_account_of_the_examples(called.document);
            match called.id {
                "put_password" => send(&me, body),
                // Nobody can know the secrets of an account that does not exist yet.
                "refresh" => send(&server.nobody(), &instead("refresh_token", &me.refresh_token().into())),
                "recover" => send(&server.nobody(), &instead("code", &me.sign_in["recovery_codes"][0])),
                _ => send(&server.nobody(), body),
            }
        }
        id => {
            let owner = server.sign_up(&format!("{id}-{}@example.org", new_id()));
            // A record belongs to the open episode; only one may be open.
            if !called.template.starts_with("/v1/episodes") {
                made(called.document, "/v1/episodes", &owner);
            }
            send(&owner, body)
        }
    }
}

fn try_out_all(document: &Value) {
    let server = TestServer::start();
    for called in operations(document) {
        for (kind, body) in called.examples() {
            let answer = try_out(&called, &server, &kind, &body);
            assert!((200..300).contains(&answer.status), "{}: {answer}", called.id);
        }
    }
}

#[test]
fn every_example_of_the_document_succeeds() {
    try_out_all(&spasmlog::api::document().unwrap());
}

#[test]
fn every_example_of_the_last_released_document_still_succeeds() {
    let released = include_str!("../../openapi/released/v1.json");
    try_out_all(&serde_json::from_str(released).unwrap());
}
