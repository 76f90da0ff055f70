//! Passwords: argon2id, off the workers' threads, never more at once than there are cores.

use super::breached::BreachedPasswords;
use crate::{
    domain::{FieldErrors, Invalid},
    fair::Fair,
    http::{Code, Problem},
};
use argon2::{
    Argon2, Params,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use deserr::Deserr;
use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use tokio::sync::Semaphore;
use utoipa::ToSchema;

/// The shortest password that is taken, in characters.
pub const MIN_LENGTH: usize = 8;
/// The longest password that is taken, in characters.
pub const MAX_LENGTH: usize = 256;
/// The least strength, on the 0 to 4 scale of zxcvbn: 2 takes more than a million guesses.
const LEAST_STRENGTH: u8 = 2;

/// So many passwords wait at once, some five seconds of work for a core: whoever comes later is told so at once
/// and not after a minute.
pub const PLACES: usize = 256;

/// A password on its way in. Never printed, never compared in the clear.
#[derive(Clone, Deserr)]
#[deserr(error = FieldErrors, from(String) = Password::read)]
pub struct Password(pub SecretString);

impl Password {
    fn read(text: String) -> Self {
        Self(text.into())
    }
}

impl utoipa::PartialSchema for Password {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::{KnownFormat, ObjectBuilder, SchemaFormat, schema::Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
            .min_length(Some(MIN_LENGTH))
            .max_length(Some(MAX_LENGTH))
            .into()
    }
}

impl ToSchema for Password {}

/// Hashes and checks passwords. Cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    turns: Fair<IpNet>,
    /// Places to wait for a turn in, and to have it.
    places: Arc<Semaphore>,
    /// Whose passwords they are, where that is counted.
    network: Option<IpNet>,
    /// Those that nobody may choose.
    breached: Option<BreachedPasswords>,
}

/// What the password of an unknown address is checked against, so that it takes as long as a known one. Written
/// down, for making one takes as long as all else that is done at the start. No password is known to have it.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Argon2id with m = 19,456 KiB, t = 2, p = 1: the library's default, and OWASP's first choice.
fn hasher() -> Argon2<'static> {
    Argon2::default()
}

impl Passwords {
    /// A hasher that uses at most `cores` cores at once, and holds no more than `places` passwords.
    pub fn new(cores: usize, places: usize) -> Self {
        let places = Arc::new(Semaphore::new(places));
        Self { turns: Fair::new(cores.max(1)), places, network: None, breached: None }
    }

    /// The same, which lets nobody choose a password that these have.
    pub fn without(self, breached: Option<BreachedPasswords>) -> Self {
        Self { breached, ..self }
    }

    /// The same for somebody of this network: its passwords are worked on one after the other, so that a network that
    /// sends many keeps others waiting for one of them at most.
    pub fn of(&self, network: Option<IpNet>) -> Self {
        Self { network, ..self.clone() }
    }

    /// The hash of a new password, in PHC form.
    ///
    /// # Errors
    /// 500 when hashing fails.
    pub async fn hash(&self, password: SecretString) -> Result<String, Problem> {
        self.in_turn(move || {
            hasher()
                .hash_password(password.expose_secret().as_bytes())
                .map(|hash| hash.to_string())
                .map_err(|_cause| Problem::new(Code::Internal))
        })
        .await?
    }

    /// Whether a password may be chosen by the person with this address; `Err` says what is wrong with it. Takes its
    /// turn like a hash: the estimate of a long password takes longer than one.
    ///
    /// # Errors
    /// 503 when too many passwords wait, 500 when the work cannot be done.
    pub async fn judge(&self, password: &SecretString, email: &str) -> Result<Result<(), Invalid>, Problem> {
        let (password, email, breached) = (password.clone(), email.to_owned(), self.breached.clone());
        let is_breached = move |password: &SecretString| match &breached {
            Some(breached) => breached.has(password.expose_secret()),
            None => Ok(false),
        };
        let judged = self.in_turn(move || match judge(&password, &email) {
            Ok(()) => {
                is_breached(&password).map(|is_so| if is_so { Err(breached_password()) } else { Ok(()) })
            }
            refused => Ok(refused),
        });
        judged.await?.map_err(|cause| {
            // It could not be checked, and so it is not taken.
            tracing::error!(%cause, "the file of breached passwords cannot be read");
            Problem::new(Code::Internal)
        })
    }

    /// The hash of a password that a person with this address chose for `member` of a request.
    ///
    /// # Errors
    /// 422 when it may not be chosen; else as [`judge`](Self::judge).
    pub async fn chosen(&self, password: SecretString, email: &str, member: &str) -> Result<String, Problem> {
        self.judge(&password, email).await?.map_err(|invalid| Problem::member_invalid(member, invalid))?;
        self.hash(password).await
    }

    /// Whether the password fits the hash. Without a hash the answer is no, after the same work.
    ///
    /// # Errors
    /// 500 when the work cannot be done.
    pub async fn fits(&self, password: SecretString, hash: Option<String>) -> Result<bool, Problem> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let fits = self
            .in_turn(move || {
                PasswordHash::new(&hash).is_ok_and(|hash| {
                    hasher().verify_password(password.expose_secret().as_bytes(), &hash).is_ok()
                })
            })
            .await?;
        Ok(fits && known)
    }

    /// The hash of a password that fits `hash`, made anew, if that was made with less work than one of today.
    ///
    /// # Errors
    /// 500 when hashing fails.
    pub async fn renewed(&self, hash: &str, password: SecretString) -> Result<Option<String>, Problem> {
        if Self::is_outdated(hash) { self.hash(password).await.map(Some) } else { Ok(None) }
    }

    fn is_outdated(hash: &str) -> bool {
        let today = hasher();
        let params = PasswordHash::new(hash).ok().and_then(|hash| Params::try_from(&hash).ok());
        params.is_none_or(|params| {
            params.m_cost() < today.params().m_cost() || params.t_cost() < today.params().t_cost()
        })
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let full = |_none| Problem::new(Code::Unavailable);
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(full)?;
        let turn = self.turns.place(self.network).await;
        let turn = turn.ok_or_else(|| Problem::new(Code::Unavailable))?;
        // The turn ends with the work and not with the request: a client that hangs up frees no core.
        let work = move || {
            let done = work();
            drop((turn, place));
            done
        };
        tokio::task::spawn_blocking(work).await.map_err(|_panic| Problem::new(Code::Internal))
    }
}

/// Whether a password may be chosen by the person with this address.
fn judge(password: &SecretString, email: &str) -> Result<(), Invalid> {
    let password = password.expose_secret();
    if !(MIN_LENGTH..=MAX_LENGTH).contains(&password.chars().count()) {
        return Err(Invalid::new("wrong_length", "Must have 8 to 256 characters."));
    }
    // The estimate looks at the beginning alone: its time grows with the square of the length.
    let beginning: String = password.chars().take(64).collect();
    let words: Vec<&str> = email.split(['@', '.', '+', '-', '_']).chain([email, "spasmlog"]).collect();
    if u8::from(zxcvbn::zxcvbn(&beginning, &words).score()) < LEAST_STRENGTH {
        return Err(Invalid::new("too_easy", "Is too easy to guess: choose a longer or a less common one."));
    }
    Ok(())
}

fn breached_password() -> Invalid {
    let detail = "Is known from a breach of another service: choose one that you use nowhere else.";
    Invalid::new("breached_password", detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[test]
    fn nobodys_password_takes_the_work_of_todays() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let today = hasher().hash_password(b"correct horse battery").unwrap();
        assert_eq!((nobody.algorithm, nobody.version), (today.algorithm, today.version));
        assert_eq!(Params::try_from(&nobody).unwrap(), Params::try_from(&today).unwrap());
        let lengths = |hash: &PasswordHash| {
            (hash.salt.as_ref().map(|salt| salt.len()), hash.hash.as_ref().map(|hash| hash.len()))
        };
        assert_eq!(lengths(&nobody), lengths(&today));
    }

    #[actix_web::test]
    async fn a_crowd_waits_for_its_turn_and_whoever_comes_later_is_told_at_once() {
        let passwords = Passwords::new(1, PLACES);
        let (release, held) = std::sync::mpsc::channel::<()>();
        let gate = Arc::new(std::sync::Mutex::new(held));
        let work = |_| {
            let gate = Arc::clone(&gate);
            passwords.in_turn(move || gate.lock().unwrap().recv().is_ok())
        };
        let mut crowd: Vec<_> = (0..PLACES).map(|number| Box::pin(work(number))).collect();
        for waiting in &mut crowd {
            assert!(waiting.as_mut().now_or_never().is_none());
        }

        let late = work(PLACES).await.unwrap_err();

        assert_eq!(late.code(), Code::Unavailable);
        for waiting in crowd {
            release.send(()).unwrap();
            assert!(waiting.await.unwrap());
        }
        release.send(()).unwrap();
        assert!(work(0).await.unwrap());
    }
}
