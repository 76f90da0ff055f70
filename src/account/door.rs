//! The check of who signs in, by the API or on a page.

use super::{
    recovery,
    sign_in::{Credentials, find, note_failure, password_hash, set_password_hash, wrong_credentials},
};
use crate::{
    auth::{
        Passwords,
        audit::{self, Event},
        device::{self, DeviceToken},
        disabled,
        password::Password,
        second_factor,
        throttle::{self, Throttle},
    },
    db::{self, Pool},
    domain::{AccountId, AuditAction, Label},
    http::{Clock, Code, Problem, detached},
};
use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use jiff::Timestamp;
use std::future::{Ready, ready};

/// Where people sign in, by the API or on a page: passwords, second factors, the throttle and the trail.
pub struct Door {
    throttle: Throttle,
    pool: Data<Pool>,
    passwords: Data<Passwords>,
    clock: Data<Clock>,
}

/// Somebody whose password fits, and whose code does where one is asked for.
pub struct Entrant {
    /// The account.
    pub owner: AccountId,
    /// The device that they showed, where the account knows it.
    pub device: Option<DeviceToken>,
    /// When they came.
    pub now: Timestamp,
}

/// What the last transaction of a sign-in comes to. All of it is kept.
enum Entry<T> {
    Open(T),
    /// The password fits, and the code is wrong or was used.
    WrongCode,
}

impl Door {
    /// Checks who signs in, and runs `then` in the transaction that notes the sign-in. To its end, even where the
    /// client does not wait for the answer: an attempt counts and is in the trail like any other.
    ///
    /// # Errors
    /// 401 when something does not fit, 429 when the throttle makes it wait, and what `then` fails with.
    pub async fn enter<T, F>(self, credentials: Credentials, then: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: Fn(&mut db::Db, &Entrant) -> Result<T, Problem> + Send + 'static,
    {
        detached(async move { self.check(credentials, then).await }).await
    }

    async fn check<T, F>(self, credentials: Credentials, then: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: Fn(&mut db::Db, &Entrant) -> Result<T, Problem> + Send + 'static,
    {
        let Self { throttle, pool, passwords, clock } = self;
        let now = clock.now();
        let passwords = passwords.of(throttle.asking());
        let Credentials { email, password: Password(password), code, device_token, .. } = credentials;
        let (key, token) = (email.key(), device_token.and_then(|token| DeviceToken::read(token.as_str())));
        let (found, device, attempt) = pool
            .write(move |db| {
                let found = find(db, &key)?;
                let device = match found.as_ref().zip(token.as_ref()) {
                    Some(((owner, _), token)) if device::is_known(db, *owner, token)? => Some(token.clone()),
                    _ => None,
                };
                let attempt = match &device {
                    Some(token) => throttle.of_device(token.device()),
                    None => throttle.attempt(&key),
                };
                throttle::begin(db, &attempt, now)?;
                Ok::<_, Problem>((found, device, attempt))
            })
            .await?;
        let hash = found.as_ref().map(|(_, hash)| hash.clone());
        let fits = passwords.fits(password.clone(), hash);
        let fits = throttle::refund_on_error(&pool, &attempt, now, fits).await?;
        let owner = found.as_ref().map(|(owner, _)| *owner);
        let Some((owner, verified)) = found.filter(|_| fits) else {
            pool.write(move |db| note_failure(db, &attempt, owner, AuditAction::SignInFailed, now)).await?;
            return Err(wrong_credentials());
        };
        let renewed = passwords.renewed(&verified, password);
        let renewed = throttle::refund_on_error(&pool, &attempt, now, renewed).await?;
        let counted = attempt.clone();
        let entering = pool.write(move |db| {
            // The password may have been changed while this one was checked.
            let is_current = db::lock_account(db, owner)? && password_hash(db, owner)? == verified;
            if !is_current {
                return Err(wrong_credentials());
            }
            disabled::refuse_disabled(db, owner)?;
            if !has_second_factor(db, owner, code.as_ref(), now)? {
                note_failure(db, &counted, Some(owner), AuditAction::SecondFactorFailed, now)?;
                return Ok(Entry::WrongCode);
            }
            throttle::succeeded(db, &counted, now)?;
            if let Some(hash) = &renewed {
                set_password_hash(db, owner, hash)?;
            }
            then(db, &Entrant { owner, device: device.clone(), now }).map(Entry::Open)
        });
        // A missing code is not a guess.
        match throttle::refund_on_error(&pool, &attempt, now, entering).await? {
            Entry::Open(entered) => Ok(entered),
            Entry::WrongCode => Err(Problem::new(Code::SecondFactorRequired)
                .detail("The code is wrong or was used. Wait for the next one, or use a recovery code.")),
        }
    }
}

impl FromRequest for Door {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let throttle = Throttle::from_request(request, payload).into_inner();
        ready(throttle.and_then(|throttle| {
            let parts = request
                .app_data::<Data<Pool>>()
                .zip(request.app_data::<Data<Passwords>>())
                .zip(request.app_data::<Data<Clock>>());
            let ((pool, passwords), clock) = parts.ok_or_else(|| Problem::new(Code::Internal))?;
            Ok(Self { throttle, pool: pool.clone(), passwords: passwords.clone(), clock: clock.clone() })
        }))
    }
}

/// Whether the account asks for no second factor, or the code is one: of the authenticator app, or a recovery code,
/// which is used up.
///
/// # Errors
/// 401 when there should be a code and is none.
fn has_second_factor(
    db: &mut db::Db,
    owner: AccountId,
    code: Option<&Label>,
    now: Timestamp,
) -> Result<bool, Problem> {
    if second_factor::confirmed_at(db, owner)?.is_none() {
        return Ok(true);
    }
    let code: String = code.map(Label::as_str).unwrap_or_default().split_whitespace().collect();
    if code.is_empty() {
        return Err(Problem::new(Code::SecondFactorRequired)
            .detail("Send the code that the authenticator app shows, or a recovery code."));
    }
    if second_factor::is_code(&code) {
        return Ok(second_factor::spend(db, owner, &code, now)?);
    }
    let is_spent = recovery::spend(db, owner, &code, now)?;
    if is_spent {
        audit::record(db, owner, Event::new(AuditAction::SecondFactorRecovered), now)?;
    }
    Ok(is_spent)
}
