//! The pages that a person sees: sign-in with consent, the code of a device, and what became of it. Made on the server,
//! without a script; whatever an app calls itself is escaped.

mod words;

pub(super) use words::Words;

use crate::{auth::scopes::ScopeSet, domain::Scope};
use base64::{Engine, engine::general_purpose::STANDARD};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

const STYLE: &str = include_str!("style.css");
/// What the Content-Security-Policy knows the style by.
static STYLE_HASH: LazyLock<String> = LazyLock::new(|| STANDARD.encode(Sha256::digest(STYLE)));

/// Where the apps with access are listed.
const APPS_PAGE: &str = "/docs/#/Apps/list_authorized_apps";

/// The policy of a page whose form may lead to these places: nothing is loaded, run or framed.
pub(super) fn policy(form_action: &str) -> String {
    let style = STYLE_HASH.as_str();
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action {form_action}; \
         frame-ancestors 'none'"
    )
}

/// What a person typed, and what is wrong with it.
#[derive(Debug, Default)]
pub(super) struct Typed<'a> {
    pub(super) email: &'a str,
    /// The scopes that are ticked.
    pub(super) scopes: ScopeSet,
    pub(super) fault: Option<Fault>,
}

/// What is wrong, in the person's words, and which fields they look at again.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    pub(super) words: String,
    pub(super) field: Field,
}

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// None in particular.
    None,
    Scopes,
    Password,
    /// Asked for from the first time on that it is missing.
    SecondFactor,
    UserCode,
}

/// A question whether an app may do something.
pub(super) struct Consent<'a> {
    pub(super) app: &'a str,
    /// Whether somebody on this server registered the app.
    pub(super) is_vouched_for: bool,
    pub(super) scopes: ScopeSet,
    pub(super) then: Then<'a>,
    /// The seal of the form.
    pub(super) seal: &'a str,
}

/// What comes after the question.
pub(super) enum Then<'a> {
    /// The person is sent to this place.
    SentTo(&'a str),
    /// A device that shows this code goes on.
    Device(&'a str),
}

/// The page that asks.
pub(super) fn consent(words: &Words, consent: &Consent<'_>, typed: &Typed<'_>) -> Markup {
    let field = typed.fault.as_ref().map_or(Field::None, |fault| fault.field);
    shell(
        words,
        &plain(words.consent_title, consent.app),
        typed.fault.as_ref(),
        html! {
            h1 { (filled(words.consent_title, consent.app)) }
            @if !consent.is_vouched_for {
                p class="notice" { (words.unknown_maker) }
            }
            form method="post" {
                input type="hidden" name="seal" value=(consent.seal);
                @if let Then::Device(code) = consent.then {
                    input type="hidden" name="user_code" value=(code);
                    p class="notice" {
                        (marked(words.device_shows, &html! { span class="shown" { (code) } }))
                        br;
                        (words.device_warning)
                    }
                }
                fieldset aria-describedby="choose" aria-invalid=[invalid(field == Field::Scopes)] {
                    legend { (words.consent_asks) }
                    @for scope in consent.scopes.iter() {
                        label class="choice" {
                            input type="checkbox" name="scope" value=(scope.as_str()) checked[typed.scopes.has(scope)];
                            span { ((words.scopes)(scope)) }
                        }
                    }
                    p id="choose" class="hint" { (words.consent_choose) }
                }
                h2 { (words.sign_in) }
                p class="hint" { (words.never_sees) }
                div class="field" {
                    label for="email" { (words.email) }
                    input id="email" name="email" type="email" autocomplete="username" autocapitalize="none"
                        spellcheck="false" maxlength="254" required value=(typed.email)
                        aria-invalid=[invalid(field == Field::Password)] aria-describedby=[described(field == Field::Password)];
                }
                div class="field" {
                    label for="password" { (words.password) }
                    input id="password" name="password" type="password" autocomplete="current-password" maxlength="256" required
                        aria-invalid=[invalid(field == Field::Password)] aria-describedby=[described(field == Field::Password)];
                }
                @if field == Field::SecondFactor {
                    div class="field" {
                        label for="code" { (words.code) }
                        input id="code" name="code" type="text" autocomplete="one-time-code" autocapitalize="none"
                            spellcheck="false" maxlength="40" required aria-invalid="true" aria-describedby="fault code-hint";
                        p id="code-hint" class="hint" { (words.code_hint) }
                    }
                }
                div class="deeds" {
                    button type="submit" name="decision" value="allow" { (words.allow) }
                    button type="submit" name="decision" value="deny" class="plain" formnovalidate { (words.deny) }
                }
            }
            @if let Then::SentTo(place) = consent.then {
                p class="hint" { (filled(words.sent_to, place)) }
            }
            p class="hint" { (words.revoke) " " a href=(APPS_PAGE) { (words.revoke_link) } "." }
        },
    )
}

/// The page that asks for the code of a device.
pub(super) fn user_code(words: &Words, seal: &str, typed: &str, fault: Option<&Fault>) -> Markup {
    shell(
        words,
        words.device_title,
        fault,
        html! {
            h1 { (words.device_title) }
            form method="post" {
                input type="hidden" name="seal" value=(seal);
                div class="field" {
                    label for="user-code" { (words.device_code) }
                    input id="user-code" class="user-code" name="user_code" type="text" autocomplete="off"
                        autocapitalize="characters" spellcheck="false" maxlength="20" required placeholder="XXXX-XXXX"
                        value=(typed) aria-invalid=[invalid(fault.is_some())]
                        aria-describedby=(if fault.is_some() { "fault ask" } else { "ask" });
                    p id="ask" class="hint" { (words.device_ask) }
                }
                div class="deeds" {
                    button type="submit" { (words.device_continue) }
                }
            }
        },
    )
}

/// A page that only tells something.
pub(super) fn notice(words: &Words, title: &str, text: &str) -> Markup {
    shell(
        words,
        title,
        None,
        html! {
            h1 { (title) }
            p { (text) }
        },
    )
}

/// The page that tells of an app's mistake, with the way back to the app.
pub(super) fn mistaken(words: &Words, app: &str, place: &str, back: &str) -> Markup {
    shell(
        words,
        words.mistaken_title,
        None,
        html! {
            h1 { (words.mistaken_title) }
            p { (filled(words.mistaken, app)) }
            div class="deeds" { a class="deed" href=(back) { (filled(words.back, place)) } }
        },
    )
}

fn shell(words: &Words, title: &str, fault: Option<&Fault>, content: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(words.lang) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { @if fault.is_some() { (words.error) ": " } (title) " · spasmlog" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    p class="brand" { "spasmlog" }
                    @if let Some(fault) = fault {
                        p id="fault" class="alarm" role="alert" { (fault.words) }
                    }
                    (content)
                }
            }
        }
    }
}

fn invalid(is_invalid: bool) -> Option<&'static str> {
    is_invalid.then_some("true")
}

fn described(is_invalid: bool) -> Option<&'static str> {
    is_invalid.then_some("fault")
}

/// A sentence with a name in it. The name may be in a script of another direction.
fn filled(sentence: &str, name: &str) -> Markup {
    marked(sentence, &html! { bdi { (name) } })
}

fn marked(sentence: &str, name: &Markup) -> Markup {
    let (before, after) = sentence.split_once("{}").unwrap_or((sentence, ""));
    html! { (before) (name) (after) }
}

fn plain(sentence: &str, name: &str) -> String {
    sentence.replace("{}", name)
}

/// The scopes that are ticked in a form, of those that were asked for.
pub(super) fn ticked<'a>(values: impl Iterator<Item = &'a str>, asked: ScopeSet) -> ScopeSet {
    values.filter_map(|value| value.parse::<Scope>().ok()).filter(|scope| asked.has(*scope)).collect()
}
