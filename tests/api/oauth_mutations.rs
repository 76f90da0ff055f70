//! Authorisation and token requests that somebody changed: none is accepted, and none leads anywhere but to the
//! address that the app registered. Each case is named by its seed. `OAUTH_MUTATIONS` says how many; CI runs few.

use crate::support::{
    PASSWORD, TestServer,
    oauth::{App, Browser, Pairs, REDIRECT, Told, pairs},
};
use fastrand::Rng;
use std::env;

const OWNER: &str = "owner@example.org";
/// How many, unless the environment says.
const USUAL: u64 = 300;
/// Values that are wrong wherever they stand.
const HOSTILE: &[&str] = &[
    "",
    " ",
    "\0",
    "null",
    "../",
    "https://evil.example/",
    "//evil.example",
    "javascript:alert(1)",
    "https://app.example/callback@evil.example",
    "https://app.example/callback/../../evil",
    "https://app.example\\@evil.example/callback",
    "http://127.0.0.1:80@evil.example/cb",
    "%00",
    "code token",
    "plain",
    "log:read\tlog:write",
    "everything",
    "0197a2f0-7c1e-7000-8000-000000000000",
    "\r\nLocation: https://evil.example/",
];

/// Changes one parameter so that the request is another one. Returns what was changed.
fn mutate(random: &mut Rng, request: &mut Pairs, names: &[&str]) -> String {
    let name = *random.choice(names).unwrap();
    let place = request.iter().position(|(known, _)| known == name).unwrap();
    let old = request[place].1.clone();
    match random.u8(0..6) {
        0 => drop(request.remove(place)),
        1 => {
            let value =
                if random.bool() { old.clone() } else { (*random.choice(HOSTILE).unwrap()).to_owned() };
            let at = random.usize(0..=request.len());
            request.insert(at, (name.to_owned(), value));
        }
        2 => request[place].1 = (*random.choice(HOSTILE).unwrap()).to_owned(),
        3 => {
            // One letter is another one.
            let mut letters: Vec<char> = old.chars().collect();
            let at = random.usize(0..letters.len());
            letters[at] = loop {
                let letter = random.alphanumeric();
                if letter != letters[at] {
                    break letter;
                }
            };
            request[place].1 = letters.into_iter().collect();
        }
        4 => request[place].1 = old.chars().take(random.usize(0..old.chars().count())).collect(),
        _ => request[place].1 = format!("{old}{}", random.alphanumeric()),
    }
    format!("{name}: {request:?}")
}

/// Whether an answer leads anywhere but to the app.
fn leads_astray(told: &Told) -> bool {
    told.location().is_some_and(|location| !location.starts_with(&format!("{REDIRECT}?error=")))
}

/// Whether the last letter of base64url that changed has only bits that no byte has: the same secret, written otherwise.
fn is_same_secret(one: &str, other: &str) -> bool {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let read = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
    read(one).is_some() && read(one) == read(other)
}

#[test]
fn no_request_that_somebody_changed_is_accepted_or_leads_astray() {
    let server = TestServer::start();
    let (browser, app) = (Browser::at(&server), App::registered(&server.owner()));
    let cases = env::var("OAUTH_MUTATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(USUAL);
    let good = app.request("log:read log:write");
    let (seal, cookie) = browser.get("/oauth/authorize", &good, &[]).expect(200).form();
    // No password: a request that is accepted shows the form again, 422 and above it is refused.
    let form = pairs(&[
        ("seal", &seal),
        ("scope", "log:read"),
        ("email", OWNER),
        ("password", PASSWORD),
        ("decision", "allow"),
    ]);
    let mut code = browser.code(&app, OWNER, "log:read");
    let mut refused = 0;
    for seed in 0..cases {
        let mut random = Rng::with_seed(seed);
        if random.bool() {
            let mut request = good.clone();
            let names = [
                "response_type",
                "client_id",
                "redirect_uri",
                "scope",
                "code_challenge",
                "code_challenge_method",
            ];
            let change = mutate(&mut random, &mut request, &names);
            // Another challenge, or fewer scopes, is another good request: its code is of no use to whoever changed it.
            let is_good = request.iter().all(|(name, value)| match name.as_str() {
                "code_challenge" => {
                    value.len() == 43
                        && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
                }
                "scope" => {
                    !value.is_empty()
                        && value.split(' ').all(|scope| scope.parse::<spasmlog::http::Scope>().is_ok())
                }
                _ => good.contains(&(name.clone(), value.clone())),
            }) && request.len() == good.len();
            let told = if random.bool() {
                browser.get("/oauth/authorize", &request, &[])
            } else {
                browser.post("/oauth/authorize", &request, &form, &[("cookie", &cookie)])
            };
            if is_good {
                continue;
            }
            assert!(!leads_astray(&told), "seed {seed}: {:?}: {change}", told.location());
            assert!(matches!(told.status, 303 | 400), "seed {seed}: {} {change}", told.status);
        } else {
            if seed % 50 < 2 {
                // A code lasts for a minute of the service's clock, which stands still; a fresh one now and then.
                code = browser.code(&app, OWNER, "log:read");
            }
            let mut request = pairs(&app.exchange(&code));
            let names = ["grant_type", "code", "redirect_uri", "client_id", "code_verifier"];
            let change = mutate(&mut random, &mut request, &names);
            let shown = request.iter().filter(|(name, _)| name == "code").map(|(_, value)| value.as_str());
            if request.len() == 5
                && shown.clone().count() == 1
                && shown
                    .clone()
                    .all(|shown| shown != code && is_same_secret(&shown[4.min(shown.len())..], &code[4..]))
            {
                continue;
            }
            let told = browser.post("/oauth/token", &Pairs::new(), &request, &[]);
            assert!(matches!(told.status, 400 | 401), "seed {seed}: {} {change}", told.status);
            assert!(!told.text.contains("access_token"), "seed {seed}: {change}");
        }
        refused += 1;
    }
    assert!(refused > cases * 9 / 10, "only {refused} of {cases} were changed for the worse");
    // And all that time the request as the app sent it was good.
    browser.exchange(&app, &code).expect(200);
}
