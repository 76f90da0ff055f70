//! The values of settings, read from text: each refusal says what the value must be.

use super::settings::{Form, Setting};
use crate::{http::public_url::MAX_PUBLIC_URL, rules::Protocol};
use std::{fs, net::SocketAddr};

/// The value of a setting in the file, as the environment would give it.
pub(super) fn text_of(setting: &Setting, value: toml::Value) -> Result<String, &'static str> {
    match (value, setting.form) {
        (toml::Value::String(text), _) => Ok(text),
        (toml::Value::Integer(number), Form::Number) => Ok(number.to_string()),
        (toml::Value::Boolean(is_on), Form::Switch) => Ok(if is_on { "on" } else { "off" }.to_owned()),
        (toml::Value::Array(members), Form::List) => members
            .into_iter()
            .map(|member| match member {
                toml::Value::String(text) => Ok(text),
                _ => Err("must be an array of texts in quotes"),
            })
            .collect::<Result<Vec<_>, _>>()
            .map(|texts| texts.join(",")),
        (_, Form::List) => Err("must be a text in quotes, or an array of such texts"),
        (_, Form::Switch) => Err("must be true, false, \"on\" or \"off\""),
        (_, Form::Number) => Err("must be a positive whole number"),
        (_, Form::Text | Form::Secret) => Err("must be a text in quotes"),
    }
}

pub(super) fn read_number(text: &str) -> Result<u32, String> {
    text.parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| format!("must be a whole number from 1 to {}", u32::MAX))
}

pub(super) fn read_switch(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("must be on or off".to_owned()),
    }
}

pub(super) fn read_rate_limits(text: &str, bind: SocketAddr) -> Result<bool, String> {
    match read_switch(text)? {
        false if !bind.ip().is_loopback() => {
            Err("can be off only where bind is a loopback address".to_owned())
        }
        is_on => Ok(is_on),
    }
}

pub(super) fn read_address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_cause| "must be an address and a port".to_owned())
}

pub(super) fn read_public_url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match rest {
        Some(_) if text.trim_end_matches('/').len() > MAX_PUBLIC_URL => {
            Err(format!("must have at most {MAX_PUBLIC_URL} characters: share links begin with it"))
        }
        Some(host) if !host.trim_matches('/').is_empty() => Ok(text.trim_end_matches('/').to_owned()),
        _ => Err("must begin with https:// or http:// and name a host".to_owned()),
    }
}

pub(super) fn read_rules(path: &str) -> Result<Protocol, String> {
    let settings = fs::read_to_string(path).map_err(|cause| format!("cannot be read: {cause}"))?;
    Protocol::from_toml(&settings).map_err(|errors| {
        let all: Vec<String> = errors.iter().map(ToString::to_string).collect();
        format!("cannot be used: {}", all.join("; "))
    })
}

/// Each is what a browser sends as `Origin`: a scheme and a host, without a path. No `*`: it would let every page
/// of the web try its luck on a service in somebody's home.
pub(super) fn read_origins(text: &str) -> Result<Vec<String>, String> {
    let origins = text.split(',').map(str::trim).filter(|origin| !origin.is_empty());
    origins
        .map(|origin| match read_public_url(origin)? {
            plain if plain == origin && !origin.contains('*') && origin.matches('/').count() == 2 => {
                Ok(plain)
            }
            _ => Err("must be origins: a scheme and a host, without a path".to_owned()),
        })
        .collect()
}
