//! What the pages say, in each of their languages. `{}` stands for a name.

use crate::domain::Scope;
use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap};

/// The words of one language.
#[derive(Debug)]
pub(in crate::oauth) struct Words {
    pub(super) lang: &'static str,
    pub(super) error: &'static str,
    pub(super) consent_title: &'static str,
    pub(super) consent_asks: &'static str,
    pub(super) consent_choose: &'static str,
    pub(super) sign_in: &'static str,
    pub(super) never_sees: &'static str,
    pub(super) unknown_maker: &'static str,
    pub(super) email: &'static str,
    pub(super) password: &'static str,
    pub(super) code: &'static str,
    pub(super) code_hint: &'static str,
    pub(super) allow: &'static str,
    pub(super) deny: &'static str,
    pub(super) sent_to: &'static str,
    pub(super) revoke: &'static str,
    pub(super) revoke_link: &'static str,
    pub(super) device_title: &'static str,
    pub(super) device_ask: &'static str,
    pub(super) device_code: &'static str,
    pub(super) device_continue: &'static str,
    pub(super) device_shows: &'static str,
    pub(super) device_warning: &'static str,
    pub(in crate::oauth) device_unknown: &'static str,
    pub(in crate::oauth) allowed_title: &'static str,
    pub(in crate::oauth) allowed: &'static str,
    pub(in crate::oauth) denied_title: &'static str,
    pub(in crate::oauth) denied: &'static str,
    pub(in crate::oauth) unknown_title: &'static str,
    pub(in crate::oauth) unknown: &'static str,
    pub(super) mistaken_title: &'static str,
    pub(super) mistaken: &'static str,
    pub(super) back: &'static str,
    pub(in crate::oauth) wrong_credentials: &'static str,
    pub(in crate::oauth) code_required: &'static str,
    pub(in crate::oauth) code_wrong: &'static str,
    pub(super) throttled: &'static str,
    pub(in crate::oauth) busy: &'static str,
    pub(in crate::oauth) no_scope: &'static str,
    pub(in crate::oauth) expired: &'static str,
    pub(super) scopes: fn(Scope) -> &'static str,
}

impl Words {
    /// The words in the best match of the request's `Accept-Language`.
    pub(in crate::oauth) fn of(headers: &HeaderMap) -> &'static Self {
        let header = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let wishes = header.split(',').filter_map(|wish| {
            let mut parts = wish.split(';').map(str::trim);
            let language = parts.next()?.split('-').next()?.to_ascii_lowercase();
            let weight =
                parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |q| q.parse().ok())?;
            let words = ALL.iter().copied().find(|words| words.lang == language)?;
            (weight > 0.0_f32).then_some((weight, words))
        });
        let best = wishes.reduce(|best, wish| if wish.0 > best.0 { wish } else { best });
        best.map_or(&ENGLISH, |(_, words)| words)
    }

    /// The tag of the language.
    pub(in crate::oauth) fn lang(&self) -> &'static str {
        self.lang
    }

    /// Shown while a person must wait.
    pub(in crate::oauth) fn throttled(&self, minutes: i64) -> String {
        self.throttled.replace("{}", &minutes.to_string())
    }
}

/// Every language.
const ALL: &[&Words] = &[&ENGLISH, &GERMAN, &SPANISH];

static ENGLISH: Words = Words {
    lang: "en",
    error: "Error",
    consent_title: "Let {} use your log?",
    consent_asks: "It asks to",
    consent_choose: "Untick what it should not do.",
    sign_in: "Sign in to allow this",
    never_sees: "The app never sees your password.",
    unknown_maker: "Nobody on this server has checked this app. Only allow it if you came here from it yourself.",
    email: "E-mail",
    password: "Password",
    code: "Code from your authenticator app",
    code_hint: "Six digits. If you do not have the app, enter a recovery code.",
    allow: "Allow",
    deny: "Deny",
    sent_to: "You will be sent to {}.",
    revoke: "You can revoke this at any time under",
    revoke_link: "apps with access",
    device_title: "Connect a device",
    device_ask: "Enter the code that the device shows.",
    device_code: "Code",
    device_continue: "Continue",
    device_shows: "The device shows the code {}",
    device_warning: "Only allow this if you started it yourself, on a device that you have with you.",
    device_unknown: "No device is waiting with this code. Check it, or start again on the device.",
    allowed_title: "The device is connected",
    allowed: "Go back to the device. You can close this page.",
    denied_title: "The device was not connected",
    denied: "It got no access. You can close this page.",
    unknown_title: "This link does not work",
    unknown: "The app that sent you here is not registered, or it gave a wrong return address. Nothing was shared. Close this page and go back to the app.",
    mistaken_title: "The app made a mistake",
    mistaken: "{} asked for something that is not offered here. Nothing was shared.",
    back: "Back to {}",
    wrong_credentials: "The e-mail or the password is wrong.",
    code_required: "Enter your password again, and the code from your authenticator app.",
    code_wrong: "The code is wrong or was used before. Wait for the next one.",
    throttled: "Too many wrong attempts. Try again in {} min.",
    busy: "The service is busy. Try again.",
    no_scope: "Tick at least one permission.",
    expired: "This page was open for too long. Try again.",
    scopes: Scope::meaning,
};

static GERMAN: Words = Words {
    lang: "de",
    error: "Fehler",
    consent_title: "Darf {} Ihr Protokoll nutzen?",
    consent_asks: "Die App möchte",
    consent_choose: "Entfernen Sie den Haken bei allem, was sie nicht darf.",
    sign_in: "Zum Erlauben anmelden",
    never_sees: "Die App sieht Ihr Passwort nie.",
    unknown_maker: "Niemand auf diesem Server hat diese App geprüft. Erlauben Sie sie nur, wenn Sie selbst von ihr hierher gekommen sind.",
    email: "E-Mail",
    password: "Passwort",
    code: "Code aus Ihrer Authenticator-App",
    code_hint: "Sechs Ziffern. Ohne die App geben Sie einen Wiederherstellungscode ein.",
    allow: "Erlauben",
    deny: "Ablehnen",
    sent_to: "Danach geht es weiter zu {}.",
    revoke: "Sie können das jederzeit widerrufen:",
    revoke_link: "Apps mit Zugriff",
    device_title: "Gerät verbinden",
    device_ask: "Geben Sie den Code ein, den das Gerät anzeigt.",
    device_code: "Code",
    device_continue: "Weiter",
    device_shows: "Das Gerät zeigt den Code {}",
    device_warning: "Erlauben Sie das nur, wenn Sie es selbst begonnen haben, an einem Gerät, das Sie bei sich haben.",
    device_unknown: "Kein Gerät wartet mit diesem Code. Prüfen Sie ihn oder beginnen Sie am Gerät neu.",
    allowed_title: "Das Gerät ist verbunden",
    allowed: "Gehen Sie zurück zum Gerät. Sie können diese Seite schließen.",
    denied_title: "Das Gerät wurde nicht verbunden",
    denied: "Es hat keinen Zugriff bekommen. Sie können diese Seite schließen.",
    unknown_title: "Dieser Link funktioniert nicht",
    unknown: "Die App, von der Sie kommen, ist nicht registriert oder hat eine falsche Rücksprungadresse angegeben. Es wurde nichts weitergegeben. Schließen Sie diese Seite und gehen Sie zurück zur App.",
    mistaken_title: "Die App hat einen Fehler gemacht",
    mistaken: "{} hat um etwas gebeten, das es hier nicht gibt. Es wurde nichts weitergegeben.",
    back: "Zurück zu {}",
    wrong_credentials: "Die E-Mail oder das Passwort ist falsch.",
    code_required: "Geben Sie Ihr Passwort noch einmal ein, und den Code aus Ihrer Authenticator-App.",
    code_wrong: "Der Code ist falsch oder wurde schon benutzt. Warten Sie auf den nächsten.",
    throttled: "Zu viele Fehlversuche. Versuchen Sie es in {} Min. noch einmal.",
    busy: "Der Dienst ist ausgelastet. Versuchen Sie es noch einmal.",
    no_scope: "Setzen Sie mindestens einen Haken.",
    expired: "Diese Seite war zu lange offen. Versuchen Sie es noch einmal.",
    scopes: |scope| match scope {
        Scope::LogRead => "Ihr Protokoll sehen und was als Nächstes zu tun ist",
        Scope::LogWrite => "in Ihr Protokoll eintragen, darin ändern und löschen",
        Scope::ExportRead => "Ihr ganzes Protokoll herunterladen",
        Scope::ShareRead => "Ihre Freigabelinks sehen",
        Scope::ShareWrite => "Freigabelinks erstellen und widerrufen",
        Scope::AccountRead => "Ihr Konto, seine Geräte und seinen Verlauf sehen",
        Scope::AccountWrite => "Namen und Einstellungen Ihres Kontos ändern",
    },
};

static SPANISH: Words = Words {
    lang: "es",
    error: "Error",
    consent_title: "¿Permitir que {} use su registro?",
    consent_asks: "La aplicación quiere",
    consent_choose: "Desmarque lo que no deba hacer.",
    sign_in: "Inicie sesión para permitirlo",
    never_sees: "La aplicación nunca ve su contraseña.",
    unknown_maker: "Nadie en este servidor ha comprobado esta aplicación. Permítala solo si usted mismo ha venido desde ella.",
    email: "Correo electrónico",
    password: "Contraseña",
    code: "Código de su aplicación de autenticación",
    code_hint: "Seis cifras. Si no tiene la aplicación, escriba un código de recuperación.",
    allow: "Permitir",
    deny: "Rechazar",
    sent_to: "Después pasará a {}.",
    revoke: "Puede revocarlo en cualquier momento en",
    revoke_link: "aplicaciones con acceso",
    device_title: "Conectar un dispositivo",
    device_ask: "Escriba el código que muestra el dispositivo.",
    device_code: "Código",
    device_continue: "Continuar",
    device_shows: "El dispositivo muestra el código {}",
    device_warning: "Permítalo solo si lo inició usted, en un dispositivo que tiene consigo.",
    device_unknown: "Ningún dispositivo espera con este código. Compruébelo o vuelva a empezar en el dispositivo.",
    allowed_title: "El dispositivo está conectado",
    allowed: "Vuelva al dispositivo. Puede cerrar esta página.",
    denied_title: "El dispositivo no se conectó",
    denied: "No obtuvo acceso. Puede cerrar esta página.",
    unknown_title: "Este enlace no funciona",
    unknown: "La aplicación que le envió aquí no está registrada o dio una dirección de retorno incorrecta. No se compartió nada. Cierre esta página y vuelva a la aplicación.",
    mistaken_title: "La aplicación cometió un error",
    mistaken: "{} pidió algo que aquí no se ofrece. No se compartió nada.",
    back: "Volver a {}",
    wrong_credentials: "El correo electrónico o la contraseña no son correctos.",
    code_required: "Escriba otra vez su contraseña y el código de su aplicación de autenticación.",
    code_wrong: "El código no es correcto o ya se usó. Espere al siguiente.",
    throttled: "Demasiados intentos fallidos. Vuelva a intentarlo en {} min.",
    busy: "El servicio está ocupado. Vuelva a intentarlo.",
    no_scope: "Marque al menos un permiso.",
    expired: "Esta página estuvo abierta demasiado tiempo. Vuelva a intentarlo.",
    scopes: |scope| match scope {
        Scope::LogRead => "ver su registro y qué hacer a continuación",
        Scope::LogWrite => "añadir a su registro, cambiarlo y borrar de él",
        Scope::ExportRead => "descargar su registro completo",
        Scope::ShareRead => "ver sus enlaces compartidos",
        Scope::ShareWrite => "crear y revocar enlaces compartidos",
        Scope::AccountRead => "ver su cuenta, sus dispositivos y su historial",
        Scope::AccountWrite => "cambiar el nombre y los ajustes de su cuenta",
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn the_language_is_the_one_that_is_liked_best_of_those_that_are_known() {
        for (header, lang) in [
            ("", "en"),
            ("de", "de"),
            ("de-AT,de;q=0.9,en;q=0.8", "de"),
            ("fr-FR,fr;q=0.9,es;q=0.5,en;q=0.4", "es"),
            ("en;q=0.5, ES;q=0.9", "es"),
            ("de;q=0, fr", "en"),
            ("de;q=nonsense, es;q=0.1", "es"),
            ("*", "en"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(header));
            assert_eq!(Words::of(&headers).lang, lang, "{header}");
        }
    }
}
