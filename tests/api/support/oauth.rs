//! An app of somebody else, and the browser of whoever lets it in.

use super::{PASSWORD, TestServer};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::{
    blocking::{Client, Response},
    header::{CONTENT_TYPE, COOKIE, HeaderMap, LOCATION, SET_COOKIE},
    redirect::Policy,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use totp_rs::{Builder, Secret};
use url::{Url, form_urlencoded};

/// Where the app of these tests is sent back to.
pub(crate) const REDIRECT: &str = "https://app.example/callback";
/// What it proves itself with: 43 to 128 unreserved characters.
pub(crate) const VERIFIER: &str = "0123456789-abcdefghijklmnopqrstuvwxyz.~_ABCDEF";

pub(crate) type Pairs = Vec<(String, String)>;

/// Pairs of a query or a form.
pub(crate) fn pairs(pairs: &[(&str, &str)]) -> Pairs {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A browser without a script: it follows no redirect by itself, and keeps the cookie of a page.
pub(crate) struct Browser {
    http: Client,
    base: String,
}

/// What a page or an endpoint answered.
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Told {
    fn of(response: Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, text: response.text().unwrap() }
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    #[track_caller]
    pub(crate) fn expect_error(self, status: u16, error: &str) -> Self {
        assert_eq!(self.json()["error"], error, "{}", self.text);
        self.expect(status)
    }

    /// Where the answer leads.
    pub(crate) fn location(&self) -> Option<&str> {
        self.headers.get(LOCATION)?.to_str().ok()
    }

    /// The parameters that the answer carries to where it leads.
    #[track_caller]
    pub(crate) fn carried(&self) -> BTreeMap<String, String> {
        let location =
            self.location().unwrap_or_else(|| panic!("leads nowhere: {} {}", self.status, self.text));
        Url::parse(location).unwrap().query_pairs().into_owned().collect()
    }

    /// The form's seal and the page's cookie.
    #[track_caller]
    pub(crate) fn form(&self) -> (String, String) {
        let (_, rest) = self.text.split_once("name=\"seal\" value=\"").expect("a form");
        let (seal, _) = rest.split_once('"').unwrap();
        let cookie = self.headers[SET_COOKIE].to_str().unwrap().split(';').next().unwrap();
        (seal.to_owned(), cookie.to_owned())
    }
}

impl Browser {
    pub(crate) fn at(server: &TestServer) -> Self {
        let http = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { http, base: server.url() }
    }

    pub(crate) fn get(&self, path: &str, query: &Pairs, headers: &[(&str, &str)]) -> Told {
        let mut request = self.http.get(format!("{}{path}?{}", self.base, encoded(query)));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Told::of(request.send().unwrap())
    }

    pub(crate) fn post(&self, path: &str, query: &Pairs, form: &Pairs, headers: &[(&str, &str)]) -> Told {
        let mut request = self
            .http
            .post(format!("{}{path}?{}", self.base, encoded(query)))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(encoded(form));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Told::of(request.send().unwrap())
    }

    /// Opens the page of an authorisation request, and answers it.
    pub(crate) fn answer(&self, query: &Pairs, form: &[(&str, &str)]) -> Told {
        self.answer_at("/oauth/authorize", query, form)
    }

    /// Opens a page, and sends its form.
    pub(crate) fn answer_at(&self, path: &str, query: &Pairs, form: &[(&str, &str)]) -> Told {
        let page = self.get(path, query, &[]).expect(200);
        let (seal, cookie) = page.form();
        let form = [pairs(&[("seal", &seal)]), pairs(form)].concat();
        self.post(path, query, &form, &[(COOKIE.as_str(), &cookie)])
    }

    /// Registers an app that does so by itself.
    pub(crate) fn register(&self, metadata: &Value) -> Told {
        let request = self.http.post(format!("{}/oauth/register", self.base));
        Told::of(request.header(CONTENT_TYPE, "application/json").body(metadata.to_string()).send().unwrap())
    }

    pub(crate) fn token(&self, form: &[(&str, &str)]) -> Told {
        self.post("/oauth/token", &Pairs::new(), &pairs(form), &[])
    }

    /// Shows a code as the app does.
    pub(crate) fn exchange(&self, app: &App, code: &str) -> Told {
        self.token(&app.exchange(code))
    }

    /// Renews tokens as the app does.
    pub(crate) fn refresh(&self, app: &App, token: &str) -> Told {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", &app.id)])
    }

    /// Has the app let in with these scopes, and gives its tokens.
    pub(crate) fn let_in(&self, app: &App, email: &str, scopes: &str) -> Value {
        let code = self.code(app, email, scopes);
        self.exchange(app, &code).expect(200).json()
    }

    /// Has the app let in with these scopes, and gives its code.
    pub(crate) fn code(&self, app: &App, email: &str, scopes: &str) -> String {
        let mut form: Vec<(&str, &str)> = scopes.split(' ').map(|scope| ("scope", scope)).collect();
        form.extend([("email", email), ("password", PASSWORD), ("decision", "allow")]);
        let told = self.answer(&app.request(scopes), &form).expect(303);
        told.carried()["code"].clone()
    }
}

pub(crate) fn encoded(pairs: &Pairs) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// An app that was registered by hand.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) id: String,
}

impl App {
    pub(crate) fn registered(owner: &super::Client) -> Self {
        let new = json!({ "name": "Spasm diary", "redirect_uris": [REDIRECT, "http://127.0.0.1/cb"] });
        Self { id: owner.post("/v1/apps", new).expect(201).id().to_owned() }
    }

    /// The authorisation request of the app.
    pub(crate) fn request(&self, scopes: &str) -> Pairs {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        pairs(&[
            ("response_type", "code"),
            ("client_id", &self.id),
            ("redirect_uri", REDIRECT),
            ("scope", scopes),
            ("state", "state & more"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ])
    }

    /// The token request of the app.
    pub(crate) fn exchange<'a>(&'a self, code: &'a str) -> [(&'a str, &'a str); 5] {
        [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("client_id", &self.id),
            ("code_verifier", VERIFIER),
        ]
    }
}

/// What the authenticator app shows now.
pub(crate) fn code(server: &TestServer, secret: &str) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(server.now().as_second()).unwrap()).to_string()
}
