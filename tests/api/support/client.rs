//! A client of the API: nobody, an account's owner, or somebody whose token is good for little.

use super::{answer::Answer, document, server::TestServer};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::{
    Method,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use serde_json::{Value, json};
use spasmlog::{
    auth::{Keys, Tokens, token::Claims},
    http::Scope,
};

/// Sends requests, each with the same headers.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::blocking::Client,
    base: String,
    headers: HeaderMap,
    /// The answer that this client signed up or in with; null for nobody.
    pub(crate) sign_in: Value,
}

impl Client {
    pub(super) fn nobody(http: reqwest::blocking::Client, base: String) -> Self {
        Self { http, base, headers: HeaderMap::new(), sign_in: Value::Null }
    }

    pub(super) fn signed_in(self, sign_in: Value) -> Self {
        let tokens = sign_in.get("tokens").unwrap_or(&sign_in);
        let bearer = tokens["access_token"].as_str().unwrap().to_owned();
        Self { sign_in, ..self.bearing(&bearer) }
    }

    /// The same client with another access token.
    pub(crate) fn bearing(self, token: &str) -> Self {
        self.with(AUTHORIZATION.as_str(), &format!("Bearer {token}"))
    }

    /// The same client, which sends this header too.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        let name: HeaderName = name.parse().unwrap();
        client.headers.insert(name, HeaderValue::from_str(value).unwrap());
        client
    }

    /// The same client after the server was started again at another address.
    pub(crate) fn at(self, server: &TestServer) -> Self {
        Self { base: server.url(), ..self }
    }

    /// The same session with a token that is good for these scopes alone.
    pub(crate) fn narrowed_to(&self, server: &TestServer, scopes: &[Scope]) -> Self {
        let keys = Keys::open(&server.config().token_key_file).unwrap();
        let payload = self.access_token_payload();
        let claims = Claims {
            account: payload["sub"].as_str().unwrap().parse().unwrap(),
            session: payload["sid"].as_str().unwrap().parse().unwrap(),
            signed_in_at: payload["auth_time"].as_i64().unwrap(),
            scopes: scopes.iter().copied().collect(),
            client: None,
        };
        let token = Tokens::new(&keys, "spasmlog").sign(&claims, server.now()).unwrap();
        self.clone().bearing(&token)
    }

    /// The same session with an access token of now.
    pub(crate) fn renewed(&self, server: &TestServer) -> Self {
        self.narrowed_to(server, Scope::ALL)
    }

    /// Buys the next tokens with this refresh token.
    pub(crate) fn refresh(&self, refresh_token: &str) -> Answer {
        self.post("/v1/auth/refresh", json!({ "refresh_token": refresh_token }))
    }

    fn tokens(&self) -> &Value {
        self.sign_in.get("tokens").unwrap_or(&self.sign_in)
    }

    pub(crate) fn access_token(&self) -> &str {
        self.tokens()["access_token"].as_str().unwrap()
    }

    pub(crate) fn refresh_token(&self) -> &str {
        self.tokens()["refresh_token"].as_str().unwrap()
    }

    /// What the access token says.
    pub(crate) fn access_token_payload(&self) -> Value {
        let payload = self.access_token().split('.').nth(1).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
    }

    pub(crate) fn account_id(&self) -> String {
        self.access_token_payload()["sub"].as_str().unwrap().to_owned()
    }

    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "", "")
    }

    #[track_caller]
    pub(crate) fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, "application/json", &body.to_string())
    }

    #[track_caller]
    pub(crate) fn put(&self, path: &str, body: Value) -> Answer {
        self.send("PUT", path, "application/json", &body.to_string())
    }

    #[track_caller]
    pub(crate) fn patch(&self, path: &str, body: Value) -> Answer {
        self.send("PATCH", path, "application/merge-patch+json", &body.to_string())
    }

    #[track_caller]
    pub(crate) fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, "", "")
    }

    /// Sends a request; without a content type, without a body. Whatever the test is about, the answer has
    /// to be one that the OpenAPI document describes.
    #[track_caller]
    pub(crate) fn send(&self, method: &str, path: &str, content_type: &str, body: &str) -> Answer {
        self.attempt(method, path, content_type, body).expect("the service must answer")
    }

    /// The same where the service may be about to stop: nothing, unless it answered.
    #[track_caller]
    pub(crate) fn attempt(&self, method: &str, path: &str, content_type: &str, body: &str) -> Option<Answer> {
        let method: Method = method.parse().unwrap();
        let request = self.http.request(method.clone(), format!("{}{path}", self.base));
        let mut request = request.headers(self.headers.clone());
        if !content_type.is_empty() {
            request = request.header(CONTENT_TYPE, content_type).body(body.to_owned());
        }
        let answer = Answer::read(format!("{method} {path}"), request.send().ok()?)?;
        document::hold(method.as_str(), path, &answer);
        document::hold_language(method.as_str(), path, &answer);
        Some(answer)
    }
}
